import LoopIR
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

  package static let all = [check, opt, GoldenCommand.run]

  /// `check [--set NAME=INT]…`: the diagnostics of a text, errors and warnings.
  package static let check = GoldenCommand("check") { arguments, input, folder throws(GoldenError) in
    var words = GoldenArguments(arguments)
    var options = GraphParser.Options()
    options.folder = folder
    options.settings = try words.settings()
    try words.requireEnd()
    do throws(CompileError) {
      return DiagnosticRenderer().render(try GraphParser.parse(input, options: options).warnings)
    } catch {
      return DiagnosticRenderer().render(error.diagnostics)
    }
  }

  /// `opt --pass NAME… [--emit c]`: the graph, program or kernels after the passes, or why there are none.
  package static let opt = GoldenCommand("opt") { arguments, input, _ throws(GoldenError) in
    var words = GoldenArguments(arguments)
    let passes = words.values(of: "--pass")
    let emitsSource = words.values(of: "--emit") == ["c"]
    try words.requireEnd()
    if let unknown = passes.first(where: { !PassTable.names.contains($0) }) {
      throw GoldenError("there is no pass '\(unknown)'")
    }
    do throws(CompileError) {
      var result = try Representation.parse(input)
      for pass in passes { result = try PassTable.run(pass, on: result) }
      return emitsSource ? try result.source() : result.text
    } catch {
      return DiagnosticRenderer().render(error.diagnostics)
    }
  }

  /// `run --interpreter [--input NAME=LITERAL]… [--set NAME=INT]…`: the outputs for these inputs.
  package static let run = GoldenCommand("run") { arguments, input, folder throws(GoldenError) in
    var words = GoldenArguments(arguments)
    var options = GraphParser.Options()
    options.folder = folder
    options.settings = try words.settings()
    let inputs = try words.assignments(of: "--input")
    guard words.flag("--interpreter") else { throw GoldenError("expected '--interpreter'") }
    try words.requireEnd()
    do throws(CompileError) {
      let graph = try GraphParser.parse(input, options: options).graph
      return try graph.interpreted(inputs)
    } catch {
      return DiagnosticRenderer().render(error.diagnostics)
    }
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
