import LoopIR
import SourceText

/// The functions of a network that is trained, as programs over the same parameters, state and kernels.
package struct TrainingCompilation: Sendable {
  package struct Function: Sendable {
    package var name: String
    package var summary: String
    package var program: Program
    /// Whether it changes parameters and state.
    package var changesState: Bool
  }

  package let plan: TrainingPlan
  package private(set) var functions: [Function]
  /// Constants of all functions, which stand behind the parameters.
  package private(set) var constants: [TrainingPlan.Stored] = []

  /// The graph passes of training: no weight is known before the run, so none is folded.
  package static let passes: [Pass<Graph>] = [
    eliminateIdentities, expandComposites, foldConstants, eliminateCommonSubexpressions, eliminateDeadNodes,
    groupEpilogues, orderNodes,
  ]

  /// - Parameters:
  ///   - threads: the most that a run of a function may be shared among.
  ///   - largestWinogradError: see `Program.largestWinogradError`.
  package init(
    _ plan: TrainingPlan, threads: Int = 1, largestWinogradError: Double = .infinity
  ) throws(CompileError) {
    self.plan = plan
    functions = []
    for function in plan.functions {
      functions.append(try Self.compile(function, plan, threads, largestWinogradError))
    }
    shareConstants()
    functions.shareKernels()
  }

  private static func compile(
    _ function: TrainingPlan.Function, _ plan: TrainingPlan, _ threads: Int, _ largestWinogradError: Double
  ) throws(CompileError) -> Function {
    try function.graph.requireTrainableElements()
    let graph = try PassRunner.graphs.run(passes, on: function.graph) { _ in }
    var program = lowerToProgram(graph).applyingUpdates(function.updates)
    program.threads = threads
    program.largestWinogradError = largestWinogradError
    let states = Set(plan.states.map(\.name))
    for place in program.buffers.indices where program.buffers[place].role == .parameter {
      program.buffers[place].role = states.contains(program.buffers[place].name) ? .state : .variable
    }
    program = try PassRunner<Program>(verify: ProgramVerifier.violations)
      .run(ProgramPipeline.passes, on: program) { _ in }
    return Function(
      name: function.name, summary: function.summary, program: program, changesState: !function.updates.isEmpty)
  }

  /// Gives every constant a name that means the same in all functions.
  private mutating func shareConstants() {
    var taken = Set((plan.parameters + plan.states).map(\.name))
    let parameters = Set(plan.parameters.map(\.name))
    for function in functions.indices {
      for place in functions[function].program.buffers.indices {
        let buffer = functions[function].program.buffers[place]
        guard buffer.role == .variable, !parameters.contains(buffer.name), let source = buffer.source else { continue }
        if let same = constants.first(where: { $0.type == buffer.type && $0.source == source }) {
          functions[function].program.buffers[place].name = same.name
          continue
        }
        var (name, number) = (buffer.name, 1)
        while !taken.insert(name).inserted {
          number += 1
          name = "\(buffer.name)_\(number)"
        }
        functions[function].program.buffers[place].name = name
        constants.append(.init(name: name, type: buffer.type, source: source, isTrained: false))
      }
    }
  }
}

extension [TrainingCompilation.Function] {
  /// All functions get all kernels, each of them once and with a name of its own.
  fileprivate mutating func shareKernels() {
    var all = Program(name: "")
    for function in self {
      let first = all.kernels.count
      all.kernels += function.program.kernels.map { kernel in
        var kernel = kernel
        // Numbered anew below.
        kernel.name = kernel.equationName
        return kernel
      }
      all.steps += function.program.steps.map { step in
        var step = step
        step.kernel += first
        return step
      }
    }
    all = GraphCompiler.shareKernels(all)
    var next = 0
    for place in indices {
      let count = self[place].program.steps.count
      self[place].program.kernels = all.kernels
      self[place].program.steps = [Step](all.steps[next..<next + count])
      next += count
    }
  }
}

extension Kernel {
  /// The name without the number that distinguished it within one program.
  fileprivate var equationName: String {
    let parts = name.split(separator: "_")
    guard let last = parts.last, Int(last) != nil else { return name }
    return parts.dropLast().joined(separator: "_")
  }
}
