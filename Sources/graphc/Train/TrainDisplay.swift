import SourceText
import TensorFiles

/// Tells the user how training goes: a bar on a terminal, a line for each epoch.
final class TrainDisplay {
  private let console: Console
  private let json: Bool
  /// What a sample is called: `images` or `samples`.
  private let noun: String
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant?
  private var finishedSteps = 0

  private static let barWidth = 20

  init(_ console: Console, json: Bool, noun: String) {
    self.console = console
    self.json = json
    self.noun = noun
    start = clock.now
  }

  /// Samples that were trained on, for each second since the beginning.
  private func speed(_ trainer: Trainer) -> Double {
    let seconds = max((clock.now - start).inSeconds, 1e-9)
    return Double(finishedSteps * trainer.training.size) / seconds
  }

  // MARK: Progress

  func finishedStep(_ trainer: Trainer) {
    finishedSteps += 1
    guard console.showsProgress else { return }
    let now = clock.now
    if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
    lastDrawn = now
    console.note("\r\u{1b}[K" + bar(trainer).clipped(to: console.width - 1))
  }

  /// `epoch 3/10 ████████░░░░░░░░░░░░  loss 0.3421  accuracy 87.54 %  9,120 images/s  0:42 left`
  private func bar(_ trainer: Trainer) -> String {
    let (state, steps) = (trainer.state, trainer.stepsPerEpoch)
    let filled = Self.barWidth * state.position / max(steps, 1)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.barWidth - filled)
    var parts = ["epoch \(state.epoch + 1)/\(trainer.epochs) \(bar)"]
    parts.append("loss \(TrainingText.number(state.sums.loss / Double(max(state.position, 1))))")
    if let accuracy = state.sums.accuracy { parts.append("accuracy \(TrainingText.percent(accuracy))") }
    let speed = speed(trainer)
    parts.append("\(TrainingText.grouped(speed)) \(noun)/s")
    let rest = (trainer.epochs - state.epoch) * steps - state.position
    parts.append("\(TrainingText.duration(Double(rest * trainer.training.size) / speed)) left")
    return parts.joined(separator: "  ")
  }

  func clearBar() {
    if console.showsProgress { console.note("\r\u{1b}[K") }
  }

  // MARK: Results

  func finishedEpoch(_ trainer: Trainer, isBest: Bool) throws(TensorFileError) {
    guard let record = trainer.state.history.last else { return }
    clearBar()
    let number = trainer.state.history.count
    if json {
      return try printLine(.object([("epoch", .int(number))] + record.members + [("best", .bool(isBest))]))
    }
    var line = TrainingText.epoch(number, of: trainer.epochs, record)
    if console.showsProgress { line += "  \(TrainingText.grouped(speed(trainer))) \(noun)/s" }
    try console.print(line + (isBest && record.validationLoss != nil ? "  best" : "") + "\n")
  }

  /// - Parameter subject: what was evaluated: `test`.
  func evaluated(_ subject: String, _ evaluation: Evaluation) throws(TensorFileError) {
    clearBar()
    if json { return try printLine(.object([(subject, .object(evaluation.members))])) }
    var line = "\(subject) loss \(TrainingText.number(evaluation.loss))"
    if let confusion = evaluation.confusion, let accuracy = confusion.accuracy {
      line += "  accuracy \(TrainingText.percent(accuracy)) (\(confusion.rightCount) of \(confusion.total))"
    }
    try console.print(line + "\n")
  }

  /// The confusion, where somebody watches.
  func show(_ confusion: ConfusionMatrix, _ names: [String]) throws(TensorFileError) {
    guard console.showsProgress, !json else { return }
    try console.print("\n" + TrainingText.confusion(confusion, names, width: console.width))
  }

  func interrupted(_ state: TrainingState, checkpoint: String?) throws(TensorFileError) {
    clearBar()
    if json {
      try printLine(
        .object([
          ("interrupted", .bool(true)), ("epochs", .int(state.epoch)), ("steps", .int(state.position)),
          ("checkpoint", checkpoint.map { .string($0) } ?? .null),
        ]))
    }
    let place = "interrupted in epoch \(state.epoch + 1) after \(Quantities.counted(state.position, "step"))"
    let cure = checkpoint.map { "go on with '--resume \($0.escapingControls)'" }
    console.note("\(place); \(cure ?? "nothing is kept: no '--checkpoint' is given")\n")
  }

  private func printLine(_ value: JSON) throws(TensorFileError) { try console.print(value.text() + "\n") }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

extension EpochRecord {
  /// For the report for machines.
  fileprivate var members: [(String, JSON)] {
    let optional = [
      ("accuracy", accuracy), ("validationLoss", validationLoss), ("validationAccuracy", validationAccuracy),
    ]
    return [("rate", .double(rate)), ("loss", .double(loss))]
      + optional.compactMap { name, value in value.map { (name, .double($0)) } }
  }
}

extension Evaluation {
  fileprivate var members: [(String, JSON)] {
    var members: [(String, JSON)] = [("loss", .double(loss))]
    if let confusion, let accuracy {
      members.append(("accuracy", .double(accuracy)))
      members.append(("right", .int(confusion.rightCount)))
      members.append(("samples", .int(confusion.total)))
      members.append(("confusion", .array(confusion.counts.map { .array($0.map { .int($0) }) })))
    }
    return members
  }
}
