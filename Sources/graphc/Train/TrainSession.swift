import Datasets
import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles

/// One run of training with everything around it: data in the form of the network, files that are written, text.
final class TrainSession {
  private let engine: any TrainingEngine
  private let graph: Graph
  private var trainer: Trainer
  private let identity: Checkpoint.Identity
  private let outputs: TrainOutputs
  private let display: TrainDisplay
  private let test: Batches?
  private let classNames: [String]
  /// Whether the weights of the best epoch are in their file.
  private var hasWrittenBest = false
  private var bestEvaluation: Evaluation?

  /// - Parameters:
  ///   - share: of the training data that is held out; nil for none.
  ///   - checkpoint: where a run stopped; nil for the beginning.
  /// - Throws: where data or checkpoint do not fit the network.
  init(
    _ engine: any TrainingEngine, _ graph: Graph, _ files: TrainFiles, _ options: TrainOptions,
    _ settings: TrainSettings, outputs: TrainOutputs, console: Console
  ) throws {
    let augmentation = try Augmentation(graph)
    let demand = DataDemand(engine, graph, augmentation, divisor: options.scale)
    let size = engine.batchSize
    let data = try TrainingData(files.training, demand)
    let (training, held) = try files.split(share: settings.split, seed: settings.seed)
    guard training.count >= size else {
      throw TensorFileError(
        files.training.name, "expected at least \(Quantities.counted(size, "sample")) to train on, a batch",
        cause: "found \(training.count)",
        cure: "make batches smaller: '--batch \(max(1, training.count / (try graph.train?.accumulation() ?? 1)))'")
    }
    let batches = { (data: TrainingData, samples: [Int]) in Batches(data: data, samples: samples, size: size)
    }
    let others = try [files.validation, files.test].map { dataset in
      try dataset.map { try TrainingData($0, demand) }.map { batches($0, Array(0..<$0.count)) }
    }
    let validation = others[0] ?? (held.isEmpty ? nil : batches(data, held))
    test = others[1]
    identity = Checkpoint.Identity(
      graph: graph.name, inputs: engine.inputs.map { "\($0.type)" }.joined(separator: ", "),
      seed: settings.seed,
      batch: size, split: settings.split, trainingSamples: training.count,
      validationSamples: validation?.samples.count ?? 0)
    try settings.restore(engine, identity)
    let section = graph.train ?? TrainSection()
    let optimizer = try section.optimizer()
    let schedule = try LearningRateSchedule(section, rate: options.rate ?? optimizer.rate)
    trainer = Trainer(
      engine, training: batches(data, training), validation: validation, augmentation: augmentation,
      schedule: schedule, seed: settings.seed, epochs: options.epochs,
      endsWithoutErrors: optimizer.endsWithoutErrors,
      state: settings.checkpoint?.state ?? TrainingState())
    classNames = try Self.classNames(demand.classCount, options, files.training, engine)
    self.engine = engine
    self.graph = graph
    self.outputs = outputs
    let isImage = engine.inputs.first?.type.rank == 4
    display = TrainDisplay(console, json: options.json, noun: isImage ? "images" : "samples")
  }

  private static func classNames(
    _ count: Int?, _ options: TrainOptions, _ dataset: Dataset, _ engine: any TrainingEngine
  ) throws(TensorFileError) -> [String] {
    guard let count else { return [] }
    if let classes = options.classes { return try classes.names(count: count, of: engine.scores?.name ?? "") }
    let numbers = (0..<count).map { "\($0)" }
    return Array(dataset.classNames.prefix(count)) + numbers.dropFirst(dataset.classNames.count)
  }

  // MARK: Running

  func run() throws -> ExitCode {
    let isFinished = try UnfinishedOutputs.deferringInterrupts {
      try train(isInterrupted: { UnfinishedOutputs.isInterrupted })
    }
    guard isFinished else { return .interrupted }
    try finish()
    try requireConvergence()
    return .success
  }

  /// - Returns: false where it was interrupted; then the state is kept.
  func train(isInterrupted: () -> Bool) throws -> Bool {
    var isFinished = false
    do {
      isFinished = try trainer.run(isInterrupted: isInterrupted, observe: observe)
    } catch let failure as LossFailure {
      display.clearBar()
      throw failure.diagnostic(try brokenValue(failure))
    }
    if !isFinished {
      try keep(trainer.state, in: outputs.interrupted)
      try outputs.writeReport(identity.graph, trainer.state, nil, [])
      try display.interrupted(trainer.state, checkpoint: outputs.interrupted)
    }
    return isFinished
  }

  private func observe(_ trainer: Trainer, _ event: TrainingEvent) throws {
    switch event {
    case .step: display.finishedStep(trainer)
    case .epoch(let isBest, let evaluation): try finishedEpoch(trainer, isBest, evaluation)
    }
  }

  private func brokenValue(_ failure: LossFailure) throws -> String? {
    guard let inputs = failure.inputs else { return nil }
    let own = Array(inputs.prefix(graph.inputs.count))
    return try BrokenValue.first(in: graph, parameters: engine.parameters, inputs: own)
  }

  private func finishedEpoch(_ trainer: Trainer, _ isBest: Bool, _ evaluation: Evaluation?) throws {
    if isBest {
      try outputs.writeBest(engine)
      (hasWrittenBest, bestEvaluation) = (true, evaluation)
    }
    try keep(trainer.state, in: outputs.checkpoint)
    try display.finishedEpoch(trainer, isBest: isBest)
  }

  private func keep(_ state: TrainingState, in path: String?) throws {
    guard let path else { return }
    try Checkpoint(identity: identity, state: state, snapshot: engine.snapshot).write(to: path)
  }

  /// Writes what is written once, and evaluates the best weights.
  func finish() throws {
    try outputs.writeLast(engine)
    if let best = trainer.state.best { try engine.restore(best.snapshot) }
    if !hasWrittenBest { try outputs.writeBest(engine) }
    if let test, let evaluation = try Evaluation.run(engine, test) {
      bestEvaluation = evaluation
      try display.evaluated("test", evaluation)
    } else if bestEvaluation == nil, let validation = trainer.validation {
      bestEvaluation = try Evaluation.run(engine, validation)
    }
    let confusion = bestEvaluation?.confusion
    try outputs.writeReport(identity.graph, trainer.state, confusion, classNames)
    if let confusion { try display.show(confusion, classNames) }
  }

  /// The perceptron's training has no end but one without errors.
  private func requireConvergence() throws(CompileError) {
    guard trainer.endsWithoutErrors, !trainer.hasConverged else { return }
    throw CompileError(
      "no-convergence",
      "graph '\(graph.name)' still makes mistakes after \(Quantities.counted(trainer.epochs, "epoch"))",
      at: .unknown, notes: [.init("no plane may divide the classes, as none divides those of exclusive or")],
      help: "train longer with '--epochs', or add a hidden layer and another optimizer")
  }
}
