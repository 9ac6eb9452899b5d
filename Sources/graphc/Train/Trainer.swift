import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles

/// What happens while training goes on.
enum TrainingEvent {
  /// A step is finished; the state tells which.
  case step
  /// An epoch is finished, and its record the last of the history.
  case epoch(isBest: Bool, Evaluation?)
}

/// Runs epochs of mini-batches. The same seed, data and engine give the same steps, also after a pause.
struct Trainer {
  let engine: any TrainingEngine
  let training: Batches
  /// Held out; nil where nothing is.
  let validation: Batches?
  let augmentation: Augmentation
  let seed: UInt64
  let epochs: Int
  private(set) var schedule: any RateSchedule
  private(set) var state: TrainingState

  /// - Parameter state: where a run stopped before; the engine must have gone back to there.
  init(
    _ engine: any TrainingEngine, training: Batches, validation: Batches?, augmentation: Augmentation,
    schedule: any RateSchedule, seed: UInt64, epochs: Int, state: TrainingState = TrainingState()
  ) {
    self.engine = engine
    self.training = training
    self.validation = validation
    self.augmentation = augmentation
    self.schedule = schedule
    self.seed = seed
    self.epochs = epochs
    self.state = state
    for record in state.history {
      self.schedule.finishedEpoch(validationLoss: record.validationLoss ?? record.loss)
    }
  }

  /// The last samples of an epoch that fill no batch are left out.
  var stepsPerEpoch: Int { training.samples.count / training.size }

  /// Trains until all epochs are done.
  /// - Parameters:
  ///   - isInterrupted: asked before every step; then the state is that between two steps.
  ///   - observe: is told what happened.
  /// - Returns: false where it was interrupted.
  mutating func run(
    isInterrupted: () -> Bool, observe: (Trainer, TrainingEvent) throws -> Void
  ) throws -> Bool {
    while state.epoch < epochs {
      let order = SampleOrder.shuffled(training.samples, epoch: state.epoch, seed: seed)
      while state.position < stepsPerEpoch {
        if isInterrupted() { return false }
        try step(order)
        try observe(self, .step)
      }
      var evaluation: Evaluation?
      if let validation {
        evaluation = try Evaluation.run(engine, validation, isInterrupted: isInterrupted)
        guard let evaluation else { return false }
        try requireFinite(evaluation.loss, "the validation loss", "after epoch \(state.epoch + 1)")
      }
      let isBest = finishEpoch(evaluation)
      try observe(self, .epoch(isBest: isBest, evaluation))
    }
    return true
  }

  private mutating func step(_ order: [Int]) throws {
    let start = state.position * training.size
    let samples = order[start..<start + training.size]
    let stream = Variation.stream(epoch: state.epoch, seed: seed)
    let inputs = training.inputs(samples) { Variation(augmentation, sample: $0, stream) }
    let number = state.epoch * stepsPerEpoch + state.position
    state.sums.rate = schedule.rate(step: number, stepsPerEpoch: stepsPerEpoch)
    let result = try engine.step(inputs, rate: state.sums.rate)
    try requireFinite(result.loss, "the loss", "at step \(number + 1), in epoch \(state.epoch + 1)")
    state.sums.loss += result.loss
    let score = training.score(samples, result.scores)
    state.sums.right += score.right
    state.sums.counted += score.counted
    state.position += 1
  }

  private mutating func finishEpoch(_ evaluation: Evaluation?) -> Bool {
    let record = EpochRecord(
      rate: state.sums.rate, loss: state.sums.loss / Double(stepsPerEpoch), accuracy: state.sums.accuracy,
      validationLoss: evaluation?.loss, validationAccuracy: evaluation?.accuracy)
    schedule.finishedEpoch(validationLoss: record.validationLoss ?? record.loss)
    let engine = engine
    return state.finishEpoch(record) { engine.snapshot }
  }

  private func requireFinite(_ loss: Double, _ what: String, _ place: String) throws(CompileError) {
    if loss.isFinite { return }
    let broken = engine.parameters.first { !$0.tensor.isFinite }
    let notes = broken.map { [Diagnostic.Note("parameter '\($0.name)' is the first that is not finite")] }
    throw CompileError(
      "loss-not-finite", "\(what) is \(loss.isNaN ? "nan" : "infinite") \(place)", at: .unknown,
      notes: notes ?? [],
      help: "lower the learning rate with '--rate', or check the scale of the data: '--scale 255' for pixels")
  }
}

extension StoredTensor {
  fileprivate var isFinite: Bool { !element.isFloatingPoint || doubles().allSatisfy(\.isFinite) }
}
