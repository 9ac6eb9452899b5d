/// Gradients divided by the root of the sum of all their squares so far (Duchi et al. 2011).
struct Adagrad: Optimizer {
  static let name = "adagrad"
  static let summary = "s += g^2; p -= rate g / (sqrt(s) + epsilon) (Duchi et al. 2011)"
  static let arguments = [rateArgument(default: 0.01), epsilonArgument(default: 1e-10), weightDecayArgument]

  let rate: Double
  private let epsilon: Double
  private let weightDecay: Double

  init(_ values: TrainArguments) throws(OpError) {
    rate = values.number("rate")
    epsilon = values.number("epsilon")
    weightDecay = values.number("weight_decay")
  }

  var stateNames: [String] { ["squares"] }

  func update(
    _ b: inout GraphBuilder, parameter: Value, gradient: Value, state: [Value], rate: Value, step: Value
  ) throws(OpError) -> (parameter: Value, state: [Value]) {
    let gradient = try b.sum(parameter, times: weightDecay, gradient)
    let squares = try b.sum(state[0], times: 1, try b.squared(gradient))
    let direction = try b.normalized(gradient, squares, epsilon: epsilon)
    return (try b.descended(parameter, direction, rate: rate), [squares])
  }
}
