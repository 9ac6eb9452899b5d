import SourceText

/// What the first line of a golden file may ask for: a function from text to text.
package struct GoldenCommand: Sendable {
  package var name: String
  private let run: @Sendable (_ arguments: [String], _ input: SourceFile) throws(GoldenError) -> String

  package init(
    _ name: String,
    _ run: @escaping @Sendable (_ arguments: [String], _ input: SourceFile) throws(GoldenError) -> String
  ) {
    self.name = name
    self.run = run
  }

  package static let all = [check, opt]

  /// `check`: the diagnostics of a text, errors and warnings.
  package static let check = GoldenCommand("check") { _, input in
    do throws(CompileError) {
      return DiagnosticRenderer().render(try GraphParser.parse(input).warnings)
    } catch {
      return DiagnosticRenderer().render(error.diagnostics)
    }
  }

  /// `opt --pass NAME…`: the graph after the passes, or why there is none.
  package static let opt = GoldenCommand("opt") { arguments, input throws(GoldenError) in
    let passes = try passes(named: arguments)
    do throws(CompileError) {
      let graph = try GraphParser.parse(input).graph
      return try PassRunner<Graph>.graphs.run(passes, on: graph).text
    } catch {
      return DiagnosticRenderer().render(error.diagnostics)
    }
  }

  private static func passes(named arguments: [String]) throws(GoldenError) -> [Pass<Graph>] {
    var passes: [Pass<Graph>] = []
    for pair in stride(from: 0, to: arguments.count, by: 2) {
      guard arguments[pair] == "--pass", pair + 1 < arguments.count else {
        throw GoldenError("expected '--pass NAME', found '\(arguments[pair...].joined(separator: " "))'")
      }
      guard let pass = Pipeline.graphPass(named: arguments[pair + 1]) else {
        throw GoldenError("there is no pass '\(arguments[pair + 1])'")
      }
      passes.append(pass)
    }
    return passes
  }

  /// What the compiler makes of the upper half of a golden file.
  package static func output(of file: GoldenFile) throws(GoldenError) -> String {
    guard let name = file.command.first, let command = all.first(where: { $0.name == name }) else {
      throw GoldenError("\(file.name): there is no command '\(file.command.first ?? "")'")
    }
    let leaf = file.name.split(separator: "/").last.map(String.init) ?? file.name
    return try command.run(Array(file.command.dropFirst()), SourceFile(path: leaf, text: file.input))
  }
}
