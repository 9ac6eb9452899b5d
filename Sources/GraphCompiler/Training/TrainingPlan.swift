import LoopIR
import SourceText

/// What training needs of a network: its parameters, the optimizer's state, and one graph for each function that
/// generated code offers. All graphs share parameters and state by name.
package struct TrainingPlan: Sendable {
  /// One function of the generated code.
  package struct Function: Sendable {
    /// `train_step`
    package var name: String
    package var summary: String
    package var graph: Graph
    /// Outputs of the graph that are no outputs of the function, but new elements of a parameter or of the state.
    package var updates: [Update]
  }

  package struct Update: Sendable, Hashable {
    package var target: String
    package var output: String
  }

  /// A tensor that stays from step to step.
  package struct Stored: Sendable {
    package var name: String
    package var type: TensorType
    package var source: ParameterSource
    /// Whether training changes it.
    package var isTrained: Bool
  }

  package let name: String
  package let parameters: [Stored]
  package let states: [Stored]
  package let functions: [Function]
  /// First learning rate, as the optimizer of the train section says.
  package let rate: Double
  /// How many batches make one update; there is a function `accumulate` where these are several.
  package let accumulation: Int

  /// Names of the inputs that only training has.
  package static let rateInput = "rate"
  package static let stepState = "step"
  package static let lossOutput = "loss"
  /// Counts batches, where several of them make a step.
  static let batchState = "step.batch"
  /// Batches since the last update, and their gradients, summed: `conv1.weight.sum`.
  static let pendingState = "step.pending"
  static func sumState(_ parameter: String) -> String { "\(parameter).sum" }

  /// - Parameters:
  ///   - seed: selects the random numbers of dropout.
  ///   - targets: names of inputs and other values by which `backward` computes gradients, besides those by the trained
  ///     parameters. A graph without parameters needs one, and gets no functions that change anything.
  package init(
    _ graph: Graph, seed: UInt64 = 0, gradientsBy targets: [String] = []
  ) throws(CompileError) {
    guard let section = graph.train, section.loss != nil else {
      throw CompileError(
        "missing-train-section", "graph '\(graph.name)' has no train section", at: .unknown,
        help: "add 'train { input label: i32[N]  minimize cross_entropy(logits, label)  with sgd(rate: 0.01) }'")
    }
    var graphs = try TrainingGraphs(graph, section, seed: seed, targets: targets)
    name = graph.name
    rate = graphs.optimizer.rate
    accumulation = graphs.accumulation
    functions = try graphs.functions()
    states = graphs.states
    let trained = graphs.trainedNames
    parameters = graph.parameters.map { value in
      let info = graph[value]
      guard case .parameter(let source) = info.source else { preconditionFailure("'\(info.name)' is no parameter") }
      return Stored(name: info.name, type: info.type, source: source, isTrained: trained.contains(info.name))
    }
  }
}
