/// Stochastic gradient descent, with momentum (Polyak 1964) in its plain or in Nesterov's form (Sutskever et al. 2013).
struct SGD: Optimizer {
  static let name = "sgd"
  static let summary =
    "g += weight_decay p; v = momentum v + g; p -= rate v, with nesterov p -= rate (g + momentum v) (Sutskever et al. 2013)"
  static let arguments = [
    rateArgument(default: 0.01),
    TrainArgument("momentum", .fraction, default: .float(0), "share of the velocity that is kept"),
    weightDecayArgument,
    TrainArgument("nesterov", .flag, default: .bool(false), "looks ahead along the velocity"),
  ]

  let rate: Double
  private let momentum: Double
  private let weightDecay: Double
  private let isNesterov: Bool

  init(_ values: TrainArguments) throws(OpError) {
    rate = values.number("rate")
    momentum = values.number("momentum")
    weightDecay = values.number("weight_decay")
    isNesterov = values.flag("nesterov")
    if isNesterov, momentum == 0 {
      throw OpError(
        "'nesterov' needs a 'momentum' above 0", at: .field("nesterov"), help: "add 'momentum: 0.9'")
    }
  }

  var stateNames: [String] { momentum == 0 ? [] : ["velocity"] }

  func update(
    _ b: inout GraphBuilder, parameter: Value, gradient: Value, state: [Value], rate: Value, step: Value
  ) throws(OpError) -> (parameter: Value, state: [Value]) {
    let gradient = try b.sum(parameter, times: weightDecay, gradient)
    if momentum == 0 { return (try b.descended(parameter, gradient, rate: rate), []) }
    let velocity = try b.sum(state[0], times: momentum, gradient)
    let direction = isNesterov ? try b.sum(velocity, times: momentum, gradient) : velocity
    return (try b.descended(parameter, direction, rate: rate), [velocity])
  }
}
