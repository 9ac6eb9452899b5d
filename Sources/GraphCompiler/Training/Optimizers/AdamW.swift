/// Adam with weight decay beside the gradient instead of in it (Loshchilov & Hutter 2019).
struct AdamW: Optimizer {
  static let name = "adamw"
  static let summary =
    "p -= rate weight_decay p, then as adam without weight decay (Loshchilov & Hutter 2019)"
  static let arguments =
    AdamMoments.arguments + [
      TrainArgument(
        "weight_decay", .nonNegative, default: .float(0.01),
        "share of the parameter lost a step, times the rate")
    ]

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
    let (direction, state) = try moments.direction(&b, gradient, state, step)
    return (
      try b.descended(parameter, try b.sum(parameter, times: weightDecay, direction), rate: rate), state
    )
  }
}
