import LoopIR
import SourceText

/// Runs passes one after the other, checks what they leave behind, and tells an observer about each.
package struct PassRunner<IR: Sendable & Equatable>: Sendable {
  /// What one pass did.
  package struct Step: Sendable {
    package var pass: Pass<IR>
    package var before: IR
    package var after: IR
    package var duration: Duration

    package var changed: Bool { before != after }
  }

  /// Violations of the representation's contract, one sentence each; empty where all is well. What the second,
  /// a sound one, has as well need not be looked at again.
  package typealias Verify = @Sendable (IR, _ sound: IR?) -> [String]

  package var verify: Verify
  /// Whether the text reads back as the same thing, said likewise.
  private var readBack: @Sendable (IR) -> [String]

  package init(verify: @escaping Verify) {
    self.init(verify: verify, readBack: { _ in [] })
  }

  private init(
    verify: @escaping Verify,
    readBack: @escaping @Sendable (IR) -> [String]
  ) {
    self.verify = verify
    self.readBack = readBack
  }

  /// The result of the last pass. A pass whose result does not verify is a bug in that pass and stops a debug
  /// build; so does a graph in the end whose text does not read back.
  package func run(
    _ passes: [Pass<IR>], on input: IR, observe: (Step) -> Void = { _ in }
  ) throws(CompileError) -> IR {
    var current = input
    check(current, nil, "the input of the passes")
    for pass in passes {
      let clock = ContinuousClock()
      let start = clock.now
      let result = try pass(current)
      let step = Step(pass: pass, before: current, after: result, duration: clock.now - start)
      // What a pass leaves as it was has been checked before it.
      if step.changed { check(result, current, "the result of pass '\(pass.name)'") }
      observe(step)
      current = result
    }
    checkText(current)
    return current
  }

  private func check(_ value: IR, _ sound: IR?, _ description: String) {
    #if DEBUG
      let violations = verify(value, sound)
      precondition(
        violations.isEmpty, "\(description) breaks the contract: \(violations.joined(separator: "; "))")
    #endif
  }

  /// Reading back takes longer than most passes: tests of goldens and of operators run them one by one.
  private func checkText(_ value: IR) {
    #if DEBUG
      let violations = readBack(value)
      precondition(violations.isEmpty, "the result of the passes: \(violations.joined(separator: "; "))")
    #endif
  }
}

/// Which passes are dumped: `--print-after NAME` or `--print-after all`.
package enum DumpSelection: Hashable, Sendable {
  case none, all
  case passes(Set<String>)

  /// From the words after `--print-after`.
  package init(_ names: [String]) {
    self = names.isEmpty ? .none : names.contains("all") ? .all : .passes(Set(names))
  }

  package func contains(_ name: String) -> Bool {
    switch self {
    case .none: false
    case .all: true
    case .passes(let names): names.contains(name)
    }
  }
}

extension PassRunner.Step {
  /// `// after NAME`, then the text of the result, or `(unchanged)`; nil where the pass is not selected.
  package func dump(_ selection: DumpSelection, text: (IR) -> String) -> String? {
    guard selection.contains(pass.name) else { return nil }
    return changed ? "// after \(pass.name)\n\(text(after))" : "// after \(pass.name) (unchanged)\n"
  }
}

extension PassRunner<Graph> {
  /// Passes over graphs: every result keeps the contract of `GraphVerifier`, and its text reads back as the
  /// same graph.
  package static let graphs = PassRunner(
    verify: { graph, _ in GraphVerifier.violations(graph) }, readBack: roundTripViolations)

  /// Texts that name long tensors by hash are not read back: hashing all weights after every pass takes too
  /// long.
  private static func roundTripViolations(_ graph: Graph) -> [String] {
    if (graph.parameters + graph.constants).contains(where: { graph[$0].data?.isNamedByHash ?? false }) {
      return []
    }
    do throws(CompileError) {
      let copy = try GraphParser.parse(SourceFile(path: "\(graph.name).graph", text: graph.text)).graph
      return copy == graph ? [] : ["the text does not read back as the same graph"]
    } catch {
      return error.diagnostics.map { "the text does not read back: \($0.message)" }
    }
  }
}

extension PassRunner<Program> {
  /// Passes over programs: every result keeps the contract of `ProgramVerifier`. Their texts are long; tests read back
  /// those of every network, of every operator and of its gradient.
  package static let programs = PassRunner(verify: ProgramVerifier.violations)
}
