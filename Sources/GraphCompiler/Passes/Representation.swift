import LoopIR
import SourceText

/// What passes work on, as a text that says itself what it is: a network in one of its forms.
package enum Representation: Sendable, Equatable {
  case graph(Graph)
  case program(Program)
  case kernels([Kernel])

  /// Reads a text, and checks what it holds as between passes.
  /// - Throws: the mistakes of the text, or how the program or a kernel breaks its contract.
  package static func parse(_ file: SourceFile) throws(CompileError) -> Representation {
    if let lowered = try parseLowered(file) { return lowered }
    return .graph(try GraphParser.parse(file).graph)
  }

  /// The same for a program or kernels; nil where the text begins like a graph.
  package static func parseLowered(_ file: SourceFile) throws(CompileError) -> Representation? {
    let first = TokenCursor(file).peek()
    switch first.kind {
    case .identifier("program"):
      return try Representation.program(ProgramParser.parse(file)).checked(at: first.range)
    case .identifier("kernel"):
      return try Representation.kernels(LoopParser.kernels(file)).checked(at: first.range)
    case .identifier, .integer, .float, .string, .punctuation, .endOfFile:
      return nil
    }
  }

  /// The same, if it keeps its contract. A text may break it, and names in it may get into the way of a pass,
  /// so that this is no bug of the compiler. Graphs are sound when they are made.
  func checked(after pass: String? = nil, at range: SourceRange = .unknown) throws(CompileError)
    -> Representation
  {
    let violations: [String] =
      switch self {
      case .graph: []
      case .program(let program): ProgramVerifier.violations(program)
      case .kernels(let kernels): kernels.flatMap(LoopVerifier.violations(of:))
      }
    let place = pass.map { "after '\($0)': " } ?? ""
    let mistakes = violations.map { Diagnostic(.error, "broken-contract", place + $0, at: range) }
    if let error = CompileError(mistakes) { throw error }
    return self
  }

  /// Reads back as the same, but for long tensors.
  package var text: String {
    switch self {
    case .graph(let graph): graph.text
    case .program(let program): program.text
    case .kernels(let kernels): kernels.map(\.description).joined(separator: "\n")
    }
  }

  /// The C functions of the kernels, which a graph does not have.
  package func source() throws(CompileError) -> String {
    switch self {
    case .program(let program): return KernelSource.text(of: program)
    case .kernels(let kernels): return KernelSource.text(of: kernels)
    case .graph:
      throw CompileError(
        "emit-input", "expected a program or kernels for '--emit c', found a graph", at: .unknown,
        help: "'compile' makes a program of a graph")
    }
  }

  /// What it is, for messages: `a graph`.
  var kind: String {
    switch self {
    case .graph: "a graph"
    case .program: "a program"
    case .kernels: "kernels"
    }
  }
}
