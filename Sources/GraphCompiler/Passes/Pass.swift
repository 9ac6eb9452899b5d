import SourceText

/// A named, pure function from one representation to the same representation.
///
///     let eliminateDeadNodes = Pass<Graph>("eliminate-dead-nodes", "drops …") { graph in … }
package struct Pass<IR: Sendable>: Sendable {
  /// Kebab-case, as `graphc opt --pass` and `--print-after` spell it.
  package let name: String
  /// One sentence for the list of passes.
  package let summary: String
  private let function: @Sendable (IR) throws(CompileError) -> IR

  package init(
    _ name: String, _ summary: String, _ function: @escaping @Sendable (IR) throws(CompileError) -> IR
  ) {
    self.name = name
    self.summary = summary
    self.function = function
  }

  package func callAsFunction(_ input: IR) throws(CompileError) -> IR {
    try function(input)
  }
}
