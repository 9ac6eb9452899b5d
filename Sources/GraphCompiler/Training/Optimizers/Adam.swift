import Foundation

/// Means of the gradient and of its square, both corrected for having begun at 0 (Kingma & Ba 2015).
struct Adam: Optimizer {
  static let name = "adam"
  static let summary =
    "m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; "
    + "p -= rate m' / (sqrt(v') + epsilon), m' = m / (1 - beta1^t), v' = v / (1 - beta2^t) (Kingma & Ba 2015)"
  static let arguments = AdamMoments.arguments + [weightDecayArgument]

  let rate: Double
  private let moments: AdamMoments
  private let weightDecay: Double

  init(_ values: TrainArguments) throws(OpError) {
    rate = values.number("rate")
    moments = AdamMoments(values)
    weightDecay = values.number("weight_decay")
  }

  var stateNames: [String] { AdamMoments.stateNames }

  func update(
    _ b: inout GraphBuilder, parameter: Value, gradient: Value, state: [Value], rate: Value, step: Value
  ) throws(OpError) -> (parameter: Value, state: [Value]) {
    let gradient = try b.sum(parameter, times: weightDecay, gradient)
    let (direction, state) = try moments.direction(&b, gradient, state, step)
    return (try b.descended(parameter, direction, rate: rate), state)
  }
}

/// What Adam and AdamW share: the direction in which they go.
struct AdamMoments: Sendable {
  static let arguments = [
    Adam.rateArgument(default: 0.001),
    TrainArgument("beta1", .fraction, default: .float(0.9), "share of the mean gradient that is kept"),
    TrainArgument("beta2", .fraction, default: .float(0.999), "share of the mean square that is kept"),
    Adam.epsilonArgument(default: 1e-8),
  ]
  static let stateNames = ["mean", "squares"]

  private let meanDecay: Double
  private let squareDecay: Double
  private let epsilon: Double

  init(_ values: TrainArguments) {
    meanDecay = values.number("beta1")
    squareDecay = values.number("beta2")
    epsilon = values.number("epsilon")
  }

  /// The corrected mean, divided by the root of the corrected mean square.
  func direction(
    _ b: inout GraphBuilder, _ gradient: Value, _ state: [Value], _ step: Value
  ) throws(OpError) -> (direction: Value, state: [Value]) {
    let mean = try b.movingAverage(state[0], gradient, decay: meanDecay)
    let squares = try b.movingAverage(state[1], try b.squared(gradient), decay: squareDecay)
    let correctedMean = try b.apply(Div(), mean, try weight(&b, decay: meanDecay, step, like: mean))
    let correctedSquares = try b.apply(Div(), squares, try weight(&b, decay: squareDecay, step, like: mean))
    return (try b.normalized(correctedMean, correctedSquares, epsilon: epsilon), [mean, squares])
  }

  /// `1 - decay^step`, how much of a moving average is not yet zero. The difference would lose its digits in single
  /// precision: `1 - e^u` is `2 T / (1 + T)` with `T = tanh(-u / 2)`.
  private func weight(
    _ b: inout GraphBuilder, decay: Double, _ step: Value, like x: Value
  ) throws(OpError) -> Value {
    if decay == 0 { return b.scalar(1, b.type(of: x).element) }
    let step = b.type(of: x).element == .f64 ? try b.converted(step, like: x) : step
    let half = try b.apply(Tanh(), try b.scaled(step, by: -Foundation.log(decay) / 2))
    let divisor = try b.apply(Add(), half, b.scalar(1, b.type(of: half).element))
    let weight = try b.apply(Div(), try b.scaled(half, by: 2), divisor)
    return try b.converted(weight, like: x)
  }
}
