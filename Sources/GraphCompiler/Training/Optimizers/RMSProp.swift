/// Gradients divided by the root of their running mean square (Tieleman & Hinton 2012).
struct RMSProp: Optimizer {
  static let name = "rmsprop"
  static let summary =
    "s = decay s + (1 - decay) g^2; v = momentum v + g / (sqrt(s) + epsilon); p -= rate v (Tieleman & Hinton 2012)"
  static let arguments = [
    rateArgument(default: 0.01),
    TrainArgument("decay", .fraction, default: .float(0.99), "share of the mean square that is kept"),
    epsilonArgument(default: 1e-8),
    weightDecayArgument,
    TrainArgument("momentum", .fraction, default: .float(0), "share of the velocity that is kept"),
  ]

  let rate: Double
  private let decay: Double
  private let epsilon: Double
  private let weightDecay: Double
  private let momentum: Double

  init(_ values: TrainArguments) throws(OpError) {
    rate = values.number("rate")
    decay = values.number("decay")
    epsilon = values.number("epsilon")
    weightDecay = values.number("weight_decay")
    momentum = values.number("momentum")
  }

  var stateNames: [String] { momentum == 0 ? ["squares"] : ["squares", "velocity"] }

  func update(
    _ b: inout GraphBuilder, parameter: Value, gradient: Value, state: [Value], rate: Value, step: Value
  ) throws(OpError) -> (parameter: Value, state: [Value]) {
    let gradient = try b.sum(parameter, times: weightDecay, gradient)
    let squares = try b.movingAverage(state[0], try b.squared(gradient), decay: decay)
    let direction = try b.normalized(gradient, squares, epsilon: epsilon)
    if momentum == 0 { return (try b.descended(parameter, direction, rate: rate), [squares]) }
    let velocity = try b.sum(state[1], times: momentum, direction)
    return (try b.descended(parameter, velocity, rate: rate), [squares, velocity])
  }
}
