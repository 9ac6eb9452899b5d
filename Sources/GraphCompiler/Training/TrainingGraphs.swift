import LoopIR
import SourceText

/// Makes the graphs of training out of a network and its train section.
struct TrainingGraphs {
  let network: Graph
  let section: TrainSection
  let optimizer: any Optimizer
  /// How many batches make one update.
  let accumulation: Int
  private let clipping: GradientClipping?
  private let seed: UInt64
  /// Names of values, besides the trained parameters, by which `backward` computes gradients.
  private let targets: [String]
  /// What the optimizer keeps, once the step's graph is made.
  private(set) var states: [TrainingPlan.Stored] = []

  init(_ graph: Graph, _ section: TrainSection, seed: UInt64, targets: [String]) throws(CompileError) {
    network = graph
    self.section = section
    self.seed = seed
    self.targets = targets
    optimizer = try section.optimizer()
    clipping = try section.clipping()
    accumulation = try section.accumulation()
    if trained.isEmpty, targets.isEmpty {
      throw CompileError(
        "nothing-to-train", "graph '\(graph.name)' has no parameter that training could change", at: .unknown,
        help: "give it a layer such as fc, or freeze less; '--wrt NAME' asks for gradients by inputs")
    }
  }

  /// Parameters that a gradient changes: floating point, neither frozen nor a statistic.
  var trained: [Value] {
    let statistics = Set(network.nodes.flatMap(\.statistics))
    return network.parameters.filter { value in
      network.type(of: value).element.isFloatingPoint && !statistics.contains(value)
        && !section.isFrozen(network[value].name)
    }
  }

  var trainedNames: Set<String> { Set(trained.map { network[$0].name }) }

  mutating func functions() throws(CompileError) -> [TrainingPlan.Function] {
    let constantFunctions = [
      TrainingPlan.Function(
        name: "forward", summary: "Computes the outputs, as a trained network does.", graph: try dropTraining(network),
        updates: []),
      TrainingPlan.Function(
        name: "evaluate", summary: "Computes the outputs and the loss, and changes nothing.",
        graph: withLoss(network), updates: []),
      try backward(),
    ]
    if trained.isEmpty { return constantFunctions }
    let isAccumulating = accumulation > 1
    return constantFunctions + (isAccumulating ? [try accumulate()] : []) + [try update(), try trainStep()]
  }

  /// The network and the loss as one graph, without a train section; the loss is the last output.
  private func withLoss(_ graph: Graph) -> Graph {
    guard let train = graph.train, let loss = train.loss else { preconditionFailure("a train section without a loss") }
    var result = graph
    result.train = nil
    result.inputs += train.inputs
    result.nodes += train.nodes
    result.outputs.removeAll { $0.name == TrainingPlan.lossOutput }
    result.outputs.append(.init(name: TrainingPlan.lossOutput, value: loss))
    return result
  }

  /// The network in training mode with its loss, and the gradients by all trained parameters, and by other values.
  func differentiated(
    by others: [String] = [], counter: String = TrainingPlan.stepState
  ) throws(CompileError) -> Differentiated {
    let mode = try trainingMode(network, seed: seed, counter: counter)
    let graph = try withLoss(mode.graph).expandingComposites { !($0 is any PullbackRule) }
    guard let loss = graph.outputs.last?.value else { preconditionFailure("a graph without its loss") }
    var builder = GraphBuilder(continuing: graph)
    let parameters = trained
    var values = parameters
    for name in others { values.append(try graph.differentiableValue(named: name)) }
    let gradients = try Differentiation.gradients(of: loss, by: values, through: graph.nodes, &builder)
    var pairs: [(parameter: Value, gradient: Value)] = []
    for (place, value) in values.enumerated() {
      if let gradient = gradients[place] {
        pairs.append((value, gradient))
      } else if place >= parameters.count {
        pairs.append((value, builder.zeros(like: value)))
      }
    }
    return Differentiated(builder: builder, pairs: pairs, statistics: mode.updates)
  }

  struct Differentiated {
    var builder: GraphBuilder
    var pairs: [(parameter: Value, gradient: Value)]
    /// Running statistics and their new elements.
    var statistics: [(parameter: Value, value: Value)]
  }

  private func backward() throws(CompileError) -> TrainingPlan.Function {
    var work = try differentiated(by: targets)
    for (value, gradient) in work.pairs {
      work.builder.output(Self.gradientName(work.builder.graph[value].name), gradient)
    }
    let others = targets.map { "'\($0)'" }.joined(separator: ", ")
    let subject = trained.isEmpty ? others : "all trained parameters" + (targets.isEmpty ? "" : " and \(others)")
    return TrainingPlan.Function(
      name: "backward", summary: "Computes the loss and its gradients by \(subject).",
      graph: work.builder.graph, updates: [])
  }

  static func gradientName(_ parameter: String) -> String { "grad.\(parameter)" }

  /// Changes the parameters by given gradients.
  private mutating func update() throws(CompileError) -> TrainingPlan.Function {
    if accumulation > 1 { return try updateByMeans() }
    var builder = GraphBuilder(name: network.name)
    var pairs: [(parameter: Value, gradient: Value)] = []
    for value in trained {
      let info = network[value]
      guard case .parameter(let source) = info.source else { continue }
      let parameter = builder.parameter(info.name, info.type, source)
      pairs.append((parameter, builder.input(Self.gradientName(info.name), info.type)))
    }
    let updates = try addUpdates(&builder, pairs)
    return TrainingPlan.Function(
      name: "update", summary: "Changes the parameters by gradients that backward computed.", graph: builder.graph,
      updates: updates)
  }

  private mutating func trainStep() throws(CompileError) -> TrainingPlan.Function {
    var work = try differentiated()
    var updates = try addUpdates(&work.builder, work.pairs)
    for (parameter, value) in work.statistics {
      updates.append(add(value, for: work.builder.graph[parameter].name, &work.builder))
    }
    return TrainingPlan.Function(
      name: "train_step", summary: "One step of training: forward, loss, backward, update.",
      graph: work.builder.graph, updates: updates)
  }

  /// The optimizer's nodes.
  mutating func addUpdates(
    _ builder: inout GraphBuilder, _ pairs: [(parameter: Value, gradient: Value)]
  ) throws(CompileError) -> [TrainingPlan.Update] {
    var updates: [TrainingPlan.Update] = []
    let rate = builder.input(TrainingPlan.rateInput, TensorType(.f32, []))
    let counter = state(TrainingPlan.stepState, TensorType(.i64, []), &builder)
    do throws(OpError) {
      let next = try builder.apply(Add(), counter, builder.scalar(1, .i64))
      updates.append(add(next, for: TrainingPlan.stepState, &builder))
      let step = try builder.apply(Cast(to: .f32), next)
      let gradients = try clipping.map { clip throws(OpError) in try clip.apply(&builder, pairs.map(\.gradient)) }
      for (place, pair) in pairs.enumerated() {
        let info = builder.graph[pair.parameter]
        var kept: [Value] = []
        for name in optimizer.stateNames { kept.append(state("\(info.name).\(name)", info.type, &builder)) }
        builder.scope = "\(info.name).update"
        let changed = try optimizer.update(
          &builder, parameter: pair.parameter, gradient: gradients?[place] ?? pair.gradient, state: kept, rate: rate,
          step: step)
        builder.scope = nil
        for (old, new) in zip(kept, changed.state) { updates.append(add(new, for: builder.graph[old].name, &builder)) }
        updates.append(add(changed.parameter, for: info.name, &builder))
      }
    } catch {
      throw CompileError("optimizer", error.message, at: .unknown, kind: error.kind, help: error.help)
    }
    return updates
  }

  mutating func state(_ name: String, _ type: TensorType, _ builder: inout GraphBuilder) -> Value {
    if !states.contains(where: { $0.name == name }) {
      states.append(.init(name: name, type: type, source: .initializer(.zeros), isTrained: true))
    }
    return builder.value(named: name) ?? builder.parameter(name, type, .initializer(.zeros))
  }

  func add(_ value: Value, for target: String, _ builder: inout GraphBuilder) -> TrainingPlan.Update {
    let output = "\(target).next"
    builder.output(output, value)
    return TrainingPlan.Update(target: target, output: output)
  }
}

extension Graph {
  /// The floating-point value of that name.
  fileprivate func differentiableValue(named name: String) throws(CompileError) -> Value {
    guard let place = values.firstIndex(where: { $0.name == name }) else {
      throw CompileError(
        "unknown-value", "no value is named '\(name.clipped(to: 60))'", at: .unknown,
        help: didYouMean(name, among: values.map(\.name)))
    }
    let info = values[place]
    guard info.type.element.isFloatingPoint else {
      throw CompileError(
        "no-gradient", "'\(name)' has elements of type \(info.type.element), which have no gradient",
        at: info.range)
    }
    return Value(index: place)
  }
}
