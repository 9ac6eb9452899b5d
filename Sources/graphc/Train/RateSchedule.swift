import GraphCompiler

/// The learning rate over time.
protocol RateSchedule {
  /// - Parameter step: from the beginning of training, from 0.
  mutating func rate(step: Int, stepsPerEpoch: Int) -> Double

  /// Tells how an epoch ended: with the validation loss, or the training loss where nothing is held out.
  mutating func finishedEpoch(validationLoss: Double)
}

/// The same rate all the time.
struct ConstantRate: RateSchedule {
  let rate: Double

  mutating func rate(step: Int, stepsPerEpoch: Int) -> Double { rate }

  mutating func finishedEpoch(validationLoss: Double) {}
}

extension Graph {
  /// What `with sgd(rate: …)` says; nil where it says nothing.
  var statedRate: Double? {
    let optimizer = train?.directives.first { $0.kind == .with }
    let argument =
      optimizer?.arguments.first { $0.name == "rate" } ?? optimizer?.arguments.first { $0.name == nil }
    return argument.flatMap { try? Double(attribute: $0.value) }
  }
}
