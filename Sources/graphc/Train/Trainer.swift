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
  /// Training is over with the first epoch of loss 0, as the perceptron's is.
  let endsWithoutErrors: Bool
  private(set) var schedule: LearningRateSchedule
  private(set) var state: TrainingState
  /// Whether all parameters are what they were before the last epoch; only known where that may be the end.
  private var isUnchanged = false
  /// Where the engine was not long ago, to find out what happened since.
  private var rewind: (position: Int, snapshot: [UInt8])?

  /// Steps between two places that can be gone back to.
  private static let rewindInterval = 64

  /// - Parameter state: where a run stopped before; the engine must have gone back to there.
  init(
    _ engine: any TrainingEngine, training: Batches, validation: Batches?, augmentation: Augmentation,
    schedule: LearningRateSchedule, seed: UInt64, epochs: Int, endsWithoutErrors: Bool = false,
    state: TrainingState = TrainingState()
  ) {
    self.engine = engine
    self.training = training
    self.validation = validation
    self.augmentation = augmentation
    self.schedule = schedule
    self.seed = seed
    self.epochs = epochs
    self.endsWithoutErrors = endsWithoutErrors
    self.state = state
    for record in state.history {
      self.schedule.finishedEpoch(validationLoss: record.validationLoss ?? record.loss)
    }
  }

  /// The last samples of an epoch that fill no batch are left out.
  var stepsPerEpoch: Int { training.samples.count / training.size }

  /// Whether an epoch had no errors where that is the end. A loss of 0 alone may come from weights of 0. Where mistakes are
  /// corrected one by one, at scores of 0 only, the weights grow with every correction, so that none was made if they stayed.
  var hasConverged: Bool { endsWithoutErrors && isUnchanged && state.history.last?.loss == 0 }

  /// Trains until all epochs are done.
  /// - Parameters:
  ///   - isInterrupted: asked before every step; then the state is that between two steps.
  ///   - observe: is told what happened.
  /// - Returns: false where it was interrupted.
  /// - Throws: `LossFailure`, and what the engine or `observe` throw.
  mutating func run(
    isInterrupted: () -> Bool, observe: (Trainer, TrainingEvent) throws -> Void
  ) throws -> Bool {
    while state.epoch < epochs, !hasConverged {
      let order = SampleOrder.shuffled(training.samples, epoch: state.epoch, seed: seed)
      let before = endsWithoutErrors && state.position == 0 ? engine.parameters.map(\.tensor.bytes) : nil
      while state.position < stepsPerEpoch {
        if isInterrupted() { return false }
        try step(order)
        try observe(self, .step)
      }
      var evaluation: Evaluation?
      if let validation {
        evaluation = try Evaluation.run(engine, validation, isInterrupted: isInterrupted)
        guard let evaluation else { return false }
        guard evaluation.loss.isFinite else {
          let place = "after epoch \(state.epoch + 1)"
          throw LossFailure(loss: evaluation.loss, what: "the validation loss", place: place, inputs: nil)
        }
      }
      if let before { isUnchanged = before == engine.parameters.map(\.tensor.bytes) }
      let isBest = finishEpoch(evaluation)
      try observe(self, .epoch(isBest: isBest, evaluation))
    }
    return true
  }

  private mutating func step(_ order: [Int]) throws {
    if rewind == nil || state.position.isMultiple(of: Self.rewindInterval) {
      rewind = (state.position, engine.snapshot)
    }
    let samples = samples(of: state.position, order)
    let inputs = inputs(samples)
    state.sums.rate = rate(at: state.position)
    let result = try engine.step(inputs, rate: state.sums.rate)
    guard result.loss.isFinite else {
      let place = "at step \(number(of: state.position)), in epoch \(state.epoch + 1)"
      try goBack(to: state.position, order)
      throw LossFailure(loss: result.loss, what: "the loss", place: place, inputs: inputs)
    }
    state.sums.loss += result.loss
    let score = training.score(samples, result.scores)
    state.sums.right += score.right
    state.sums.counted += score.counted
    state.position += 1
  }

  /// Number of a step over all epochs, from 1.
  private func number(of position: Int) -> Int { state.epoch * stepsPerEpoch + position + 1 }

  private func samples(of position: Int, _ order: [Int]) -> ArraySlice<Int> {
    order[position * training.size..<(position + 1) * training.size]
  }

  private func inputs(_ samples: ArraySlice<Int>) -> [[UInt8]] {
    let stream = Variation.stream(epoch: state.epoch, seed: seed)
    return training.inputs(samples) { Variation(augmentation, sample: $0, stream) }
  }

  private func rate(at position: Int) -> Double {
    schedule.rate(step: number(of: position), stepsPerEpoch: stepsPerEpoch)
  }

  /// Takes the engine to where it was before a step of this epoch.
  private func goBack(to position: Int, _ order: [Int]) throws {
    guard let rewind else { return }
    try engine.restore(rewind.snapshot)
    for earlier in rewind.position..<position {
      _ = try engine.step(inputs(samples(of: earlier, order)), rate: rate(at: earlier))
    }
  }

  private mutating func finishEpoch(_ evaluation: Evaluation?) -> Bool {
    let record = EpochRecord(
      rate: state.sums.rate, loss: state.sums.loss / Double(stepsPerEpoch), accuracy: state.sums.accuracy,
      validationLoss: evaluation?.loss, validationAccuracy: evaluation?.accuracy)
    schedule.finishedEpoch(validationLoss: record.validationLoss ?? record.loss)
    rewind = nil
    let engine = engine
    return state.finishEpoch(record) { engine.snapshot }
  }
}

/// A loss that is infinite or no number. The engine is where it was before.
struct LossFailure: Error {
  let loss: Double
  /// `the loss`
  let what: String
  /// `at step 17, in epoch 1`
  let place: String
  /// Of the batch; nil where it was not one of training.
  let inputs: [[UInt8]]?

  /// - Parameter value: what was not finite first; nil where nobody knows.
  func diagnostic(_ value: String?) -> CompileError {
    CompileError(
      "loss-not-finite", "\(what) is \(loss.isNaN ? "nan" : "infinite") \(place)", at: .unknown,
      notes: value.map { [.init("'\($0)' is the first value of the network that is not finite")] } ?? [],
      help: "lower the learning rate with '--rate', or check the scale of the data: '--scale 255' for pixels")
  }
}
