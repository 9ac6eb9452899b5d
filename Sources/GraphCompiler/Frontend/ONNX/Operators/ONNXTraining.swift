import LoopIR

/// One update of tensors by their gradients. The inputs are the rate, the count of updates so far, all
/// tensors, all gradients, then all of each kind of state; the outputs all new tensors, then all of each kind
/// of state.
enum ONNXTraining: ONNXOperatorFamily {
  private static let domain = "ai.onnx.preview.training"

  static let rules = [
    ONNXRule("Adagrad", domain: domain) { call in try update(call, states: 1, adagrad) },
    ONNXRule("Adam", domain: domain) { call in try update(call, states: 2, adam) },
    ONNXRule("Momentum", domain: domain) { call in try update(call, states: 1, momentum) },
  ]

  /// What one tensor is updated from.
  private struct Step {
    var rate: Value
    var count: Value
    var x: Value
    var gradient: Value
    var states: [Value]
  }

  /// - Parameter rule: the new tensor, then its new states.
  private static func update(
    _ call: ONNXCall, states: Int, _ rule: (ONNXCall, Step, Arithmetic) throws(OpError) -> [Value]
  ) throws(OpError) -> [Value?] {
    let kinds = states + 2
    let tensors = try call.inputs.indices.dropFirst(2).map { place throws(OpError) in try call.input(place) }
    guard !tensors.isEmpty, tensors.count.isMultiple(of: kinds) else {
      throw OpError("expected \(kinds) inputs for each tensor after the first two, found \(tensors.count)")
    }
    let count = tensors.count / kinds
    let (rate, steps) = (try single(try call.input(0), call), try single(try call.input(1), call))
    var results = [[Value?]](repeating: [], count: states + 1)
    for place in 0..<count {
      let own = (0..<kinds).map { tensors[$0 * count + place] }
      let element = call.type(own[0]).element
      guard own.allSatisfy({ call.type($0) == call.type(own[0]) }), element.isFloatingPoint else {
        throw OpError("tensor \(place), its gradient and its states differ: \(own.map { call.type($0) })")
      }
      let step = Step(
        rate: try call.apply(Cast(to: element), rate), count: try call.apply(Cast(to: element), steps),
        x: own[0],
        gradient: own[1], states: Array(own[2...]))
      let updated = try rule(call, step, Arithmetic(call: call, element: element))
      for (kind, value) in updated.enumerated() { results[kind].append(value) }
    }
    return results.flatMap { $0 }
  }

  private static func single(_ value: Value, _ call: ONNXCall) throws(OpError) -> Value {
    guard call.type(value).count == 1 else { throw OpError("expected one number, found \(call.type(value))") }
    return call.rank(value) == 0 ? value : try call.apply(Reshape(to: []), value)
  }

  /// Sums and products with numbers.
  private struct Arithmetic {
    let call: ONNXCall
    let element: ElementType

    func number(_ number: Double) -> Value { call.scalar(number, element) }
    func add(_ a: Value, _ b: Value) throws(OpError) -> Value { try call.apply(Add(), a, b) }
    func subtract(_ a: Value, _ b: Value) throws(OpError) -> Value { try call.apply(Sub(), a, b) }
    func multiply(_ a: Value, _ b: Value) throws(OpError) -> Value { try call.apply(Mul(), a, b) }
    func divide(_ a: Value, _ b: Value) throws(OpError) -> Value { try call.apply(Div(), a, b) }
    func root(_ a: Value) throws(OpError) -> Value { try call.apply(Sqrt(), a) }

    func scaled(_ a: Value, _ factor: Double) throws(OpError) -> Value {
      factor == 1 ? a : try multiply(a, number(factor))
    }

    /// `decay * a + rest * b`
    func mixed(_ a: Value, _ decay: Double, _ b: Value, _ rest: Double) throws(OpError) -> Value {
      try add(try scaled(a, decay), try scaled(b, rest))
    }
  }

  /// The gradient with that of `norm_coefficient / 2 * |x|^2`.
  private static func regularized(
    _ call: ONNXCall, _ step: Step, _ math: Arithmetic
  ) throws(OpError) -> Value {
    let coefficient = try call.float("norm_coefficient", default: 0)
    return coefficient == 0 ? step.gradient : try math.mixed(step.x, coefficient, step.gradient, 1)
  }

  /// Duchi et al. 2011.
  private static func adagrad(_ call: ONNXCall, _ step: Step, _ math: Arithmetic) throws(OpError) -> [Value] {
    let decay = try call.float("decay_factor", default: 0)
    let epsilon = try call.float("epsilon", default: 1e-6)
    let divisor = try math.add(math.number(1), try math.scaled(step.count, decay))
    let rate = decay == 0 ? step.rate : try math.divide(step.rate, divisor)
    let gradient = try regularized(call, step, math)
    let squares = try math.add(step.states[0], try math.multiply(gradient, gradient))
    let size = try math.add(try math.root(squares), math.number(epsilon))
    let change = try math.divide(try math.multiply(rate, gradient), size)
    return [try math.subtract(step.x, change), squares]
  }

  /// Kingma & Ba 2015.
  private static func adam(_ call: ONNXCall, _ step: Step, _ math: Arithmetic) throws(OpError) -> [Value] {
    let alpha = try call.float("alpha", default: 0.9)
    let beta = try call.float("beta", default: 0.999)
    let epsilon = try call.float("epsilon", default: 1e-6)
    let shrinkage = try call.float("norm_coefficient_post", default: 0)
    let gradient = try regularized(call, step, math)
    let mean = try math.mixed(step.states[0], alpha, gradient, 1 - alpha)
    let squares = try math.mixed(step.states[1], beta, try math.multiply(gradient, gradient), 1 - beta)
    let size = try math.add(try math.root(squares), math.number(epsilon))
    let rate = try correctedRate(step, alpha, beta, math)
    let x = try math.subtract(step.x, try math.multiply(rate, try math.divide(mean, size)))
    return [try math.scaled(x, 1 - shrinkage), mean, squares]
  }

  /// `rate * sqrt(1 - beta^t) / (1 - alpha^t)` after the first update.
  private static func correctedRate(
    _ step: Step, _ alpha: Double, _ beta: Double, _ math: Arithmetic
  ) throws(OpError) -> Value {
    func missing(_ decay: Double) throws(OpError) -> Value {
      try math.subtract(math.number(1), try math.call.apply(Pow(), math.number(decay), step.count))
    }
    let corrected = try math.divide(
      try math.multiply(step.rate, try math.root(try missing(beta))), try missing(alpha))
    let isLater = try math.call.apply(Less(), math.number(0), step.count)
    return try math.call.apply(Where(), isLater, corrected, step.rate)
  }

  /// Polyak 1964, Nesterov 1983.
  private static func momentum(_ call: ONNXCall, _ step: Step, _ math: Arithmetic) throws(OpError) -> [Value]
  {
    guard let alpha = try call.attribute("alpha"), let beta = try call.attribute("beta"),
      case .float(let alpha) = alpha, case .float(let beta) = beta
    else { throw OpError("expected numbers for the attributes 'alpha' and 'beta'") }
    let mode = try call.string("mode", default: "")
    guard mode == "standard" || mode == "nesterov" else {
      throw OpError("expected 'standard' or 'nesterov' for attribute 'mode', found '\(mode)'")
    }
    let gradient = try regularized(call, step, math)
    let isLater = try call.apply(Less(), math.number(0), step.count)
    let factor = try call.apply(Where(), isLater, math.number(beta), math.number(1))
    let velocity = try math.add(try math.scaled(step.states[0], alpha), try math.multiply(factor, gradient))
    let change = mode == "standard" ? velocity : try math.mixed(velocity, alpha, gradient, 1)
    return [try math.subtract(step.x, try math.multiply(step.rate, change)), velocity]
  }
}
