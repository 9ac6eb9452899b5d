import LoopIR

/// An activation of a recurrent layer, as its attributes name it.
struct RecurrentActivation {
  var name: String
  var alpha: Double
  var beta: Double
  /// The operand is cut to `-clip...clip` first; 0: it is not.
  var clip: Double

  /// Activations with their usual alpha and beta; nil for a number that they do not have.
  private static let known: [String: (alpha: Double?, beta: Double?)] = [
    "Affine": (1, 0), "Elu": (1, nil), "HardSigmoid": (0.2, 0.5), "LeakyRelu": (0.01, nil),
    "Relu": (nil, nil),
    "ScaledTanh": (1, 1), "Sigmoid": (nil, nil), "Softplus": (nil, nil), "Softsign": (nil, nil),
    "Tanh": (nil, nil), "ThresholdedRelu": (1, nil),
  ]

  /// Those of all directions, one after the other. Numbers are given in turn to the activations that have them.
  static func read(
    _ call: ONNXCall, standard: [String], directions: Int
  ) throws(OpError) -> [RecurrentActivation] {
    let usual = Array(repeating: standard, count: directions).flatMap { $0 }
    let names = try call.strings("activations") ?? usual
    guard names.count >= usual.count else {
      throw OpError("expected \(usual.count) activations, found \(names.count)")
    }
    var alphas = (try call.floats("activation_alpha") ?? [])[...]
    var betas = (try call.floats("activation_beta") ?? [])[...]
    let clip = try call.float("clip", default: 0)
    guard clip >= 0, clip.isFinite else {
      throw OpError("attribute 'clip' must not be negative, found \(clip)")
    }
    var result: [RecurrentActivation] = []
    for name in names.prefix(usual.count) {
      guard let (alpha, beta) = known[name] else { throw OpError("'\(name)' is no activation") }
      var activation = RecurrentActivation(name: name, alpha: alpha ?? 0, beta: beta ?? 0, clip: clip)
      if alpha != nil, let given = alphas.popFirst() { activation.alpha = given }
      if beta != nil, let given = betas.popFirst() { activation.beta = given }
      result.append(activation)
    }
    return result
  }

  func apply(_ value: Value, _ call: ONNXCall) throws(OpError) -> Value {
    let x = clip > 0 ? try call.apply(Clip(min: -clip, max: clip), value) : value
    let element = call.type(x).element
    switch name {
    case "Affine":
      return try call.apply(
        Add(), try call.apply(Mul(), x, call.scalar(alpha, element)), call.scalar(beta, element))
    case "Elu": return try call.apply(Elu(alpha: alpha), x)
    case "HardSigmoid": return try call.apply(HardSigmoid(alpha: alpha, beta: beta), x)
    case "LeakyRelu": return try call.apply(LeakyRelu(alpha: alpha), x)
    case "Relu": return try call.apply(Relu(), x)
    case "ScaledTanh":
      let inner = try call.apply(Tanh(), try call.apply(Mul(), x, call.scalar(beta, element)))
      return try call.apply(Mul(), inner, call.scalar(alpha, element))
    case "Sigmoid": return try call.apply(Sigmoid(), x)
    case "Softplus": return try call.apply(Softplus(), x)
    case "Softsign": return try call.apply(Softsign(), x)
    case "ThresholdedRelu":
      let isAbove = try call.apply(Less(), call.scalar(alpha, element), x)
      return try call.apply(Where(), isAbove, x, call.scalar(0, element))
    default: return try call.apply(Tanh(), x)
    }
  }
}
