import LoopIR
import SourceText

/// The functions of a network that is trained, as programs over the same parameters, state and kernels.
package struct TrainingCompilation: Sendable {
  package struct Function: Sendable {
    package var name: String
    package var summary: String
    /// One for each kind of registers; they work on the same state, in one arena.
    package var programs: [Program]
    package var program: Program { programs[0] }
    /// Whether it changes parameters and state.
    package var changesState: Bool
  }

  package let plan: TrainingPlan

  /// The whole step; gradients alone where nothing is trained.
  package var stepFunction: Function {
    for name in ["train_step", "backward"] {
      if let found = functions.first(where: { $0.name == name }) { return found }
    }
    return functions[0]
  }

  package private(set) var functions: [Function]
  /// Constants of all functions, which stand behind the parameters.
  package private(set) var constants: [TrainingPlan.Stored] = []

  /// The graph passes of training: no weight is known before the run, so none is folded.
  package static let passes: [Pass<Graph>] = [
    eliminateIdentities, expandComposites, foldConstants, eliminateCommonSubexpressions, eliminateDeadNodes,
    groupEpilogues, orderNodes,
  ]

  /// - Parameters:
  ///   - registers: for which there will be programs.
  ///   - threads: the most that a run of a function may be shared among.
  ///   - largestWinogradError: see `Program.largestWinogradError`.
  package init(
    _ plan: TrainingPlan, registers: [VectorRegisters] = [.widest], threads: Int = 1,
    largestWinogradError: Double = .infinity
  ) throws(CompileError) {
    self.plan = plan
    functions = []
    for function in plan.functions {
      try function.graph.requireTrainableElements()
      var program = try Self.lowered(function, plan)
      program.threads = threads
      program.largestWinogradError = largestWinogradError
      functions.append(
        Function(
          name: function.name, summary: function.summary,
          programs: ProgramPipeline.inOneArena(
            try ProgramPipeline.programs(program, for: registers)),
          changesState: !function.updates.isEmpty))
    }
    for place in registers.indices { shareConstants(of: place) }
    for place in registers.indices { functions.shareKernels(of: place) }
  }

  private static func lowered(
    _ function: TrainingPlan.Function, _ plan: TrainingPlan
  ) throws(CompileError) -> Program {
    let graph = try PassRunner.graphs.run(passes, on: function.graph) { _ in }
    var program = lowerToProgram(graph).applyingUpdates(function.updates)
    let states = Set(plan.states.map(\.name))
    for place in program.buffers.indices where program.buffers[place].role == .parameter {
      program.buffers[place].role = states.contains(program.buffers[place].name) ? .state : .variable
    }
    return program
  }

  /// Gives every constant a name that means the same in all functions.
  private mutating func shareConstants(of variant: Int) {
    var taken = Set((plan.parameters + plan.states + constants).map(\.name))
    let parameters = Set(plan.parameters.map(\.name))
    for function in functions.indices {
      for place in functions[function].programs[variant].buffers.indices {
        let buffer = functions[function].programs[variant].buffers[place]
        guard buffer.role == .variable, !parameters.contains(buffer.name), let source = buffer.source else { continue }
        if let same = constants.first(where: { $0.type == buffer.type && $0.source == source }) {
          functions[function].programs[variant].buffers[place].name = same.name
          continue
        }
        var (name, number) = (buffer.name, 1)
        while !taken.insert(name).inserted {
          number += 1
          name = "\(buffer.name)_\(number)"
        }
        functions[function].programs[variant].buffers[place].name = name
        constants.append(.init(name: name, type: buffer.type, source: source, isTrained: false))
      }
    }
  }
}

extension [TrainingCompilation.Function] {
  /// All functions get all kernels, each of them once and with a name of its own.
  fileprivate mutating func shareKernels(of variant: Int) {
    var all = Program(name: "")
    for function in self {
      let first = all.kernels.count
      all.kernels += function.programs[variant].kernels.map { kernel in
        var kernel = kernel
        // Numbered anew below.
        kernel.name = kernel.equationName
        return kernel
      }
      all.steps += function.programs[variant].steps.map { step in
        var step = step
        step.kernel += first
        return step
      }
    }
    all = GraphCompiler.shareKernels(all)
    var next = 0
    for place in indices {
      let count = self[place].programs[variant].steps.count
      self[place].programs[variant].kernels = all.kernels
      self[place].programs[variant].steps = [Step](all.steps[next..<next + count])
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
