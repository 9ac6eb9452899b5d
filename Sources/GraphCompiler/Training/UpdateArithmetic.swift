import LoopIR

/// Sums and products that updates of parameters are made of. Numbers become constants of the tensors' element type; what
/// a neutral number would do is left out.
extension GraphBuilder {
  mutating func scaled(_ x: Value, by factor: Double) throws(OpError) -> Value {
    factor == 1 ? x : try apply(Mul(), x, scalar(factor, type(of: x).element))
  }

  /// `factor * x + y`
  mutating func sum(_ x: Value, times factor: Double, _ y: Value) throws(OpError) -> Value {
    factor == 0 ? y : try apply(Add(), try scaled(x, by: factor), y)
  }

  /// `decay * old + (1 - decay) * new`
  mutating func movingAverage(_ old: Value, _ new: Value, decay: Double) throws(OpError) -> Value {
    try sum(old, times: decay, try scaled(new, by: 1 - decay))
  }

  /// `parameter - rate * direction`; the rate may be of another floating-point type.
  mutating func descended(_ parameter: Value, _ direction: Value, rate: Value) throws(OpError) -> Value {
    let rate = try converted(rate, like: parameter)
    return try apply(Sub(), parameter, try apply(Mul(), rate, direction))
  }

  /// `gradient / (sqrt(squares) + epsilon)`
  mutating func normalized(_ gradient: Value, _ squares: Value, epsilon: Double) throws(OpError) -> Value {
    let root = try apply(Sqrt(), squares)
    return try apply(Div(), gradient, try apply(Add(), root, scalar(epsilon, type(of: root).element)))
  }

  mutating func zeros(like x: Value) -> Value {
    constant(TensorData(type(of: x), doubles: Array(repeating: 0, count: type(of: x).count)))
  }

  mutating func squared(_ x: Value) throws(OpError) -> Value { try apply(Mul(), x, x) }

  /// The tensor in another one's element type.
  mutating func converted(_ x: Value, like other: Value) throws(OpError) -> Value {
    let element = type(of: other).element
    return type(of: x).element == element ? x : try apply(Cast(to: element), x)
  }
}
