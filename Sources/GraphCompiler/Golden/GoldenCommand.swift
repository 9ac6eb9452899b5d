import SourceText

/// What the first line of a golden file may ask for: a function from text to text.
package struct GoldenCommand: Sendable {
  package var name: String
  private let run: Function

  /// From the words after the command, the text, and the folder of what the text names.
  package typealias Function =
    @Sendable (_ arguments: [String], _ input: SourceFile, _ folder: String?) throws(GoldenError) -> String

  package init(_ name: String, _ run: @escaping Function) {
    self.name = name
    self.run = run
  }

  package static let all = [check, opt]

  /// `check [--set NAME=INT]…`: the diagnostics of a text, errors and warnings.
  package static let check = GoldenCommand("check") { arguments, input, folder throws(GoldenError) in
    var options = GraphParser.Options()
    options.folder = folder
    options.settings = try settings(arguments)
    do throws(CompileError) {
      return DiagnosticRenderer().render(try GraphParser.parse(input, options: options).warnings)
    } catch {
      return DiagnosticRenderer().render(error.diagnostics)
    }
  }

  /// Graph parameters from `--set NAME=INT` words.
  static func settings(_ arguments: [String]) throws(GoldenError) -> [String: Int] {
    var settings: [String: Int] = [:]
    for pair in stride(from: 0, to: arguments.count, by: 2) {
      let words = pair + 1 < arguments.count ? arguments[pair + 1].split(separator: "=") : []
      guard arguments[pair] == "--set", words.count == 2, let value = Int(words[1]) else {
        throw GoldenError("expected '--set NAME=INT', found '\(arguments[pair...].joined(separator: " "))'")
      }
      settings[String(words[0])] = value
    }
    return settings
  }

  /// `opt --pass NAME…`: the graph after the passes, or why there is none.
  package static let opt = GoldenCommand("opt") { arguments, input, _ throws(GoldenError) in
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
    let input = SourceFile(path: leaf, text: file.input)
    return try command.run(Array(file.command.dropFirst()), input, file.folder)
  }
}
