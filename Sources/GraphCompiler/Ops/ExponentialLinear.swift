/// `scale * x` above 0, and below it an exponential that ends at `-lowest`: the gradient follows from the result, so that the
/// operand need not be kept.
package protocol ExponentialLinear: UnaryOp, UnaryPullbackRule {
  /// Slope above 0.
  var slopeAbove: Double { get }
  /// What the result nears far below 0, negated.
  var lowest: Double { get }
  /// The exponential is `e^(x / width)`.
  var width: Double { get }
}

extension ExponentialLinear {
  package var slopeAbove: Double { 1 }
  package var width: Double { 1 }

  /// Above 0 the slope, elsewhere `(y + lowest) / width`. The sign of `y` tells where only if `lowest` is positive.
  package func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    guard lowest > 0, slopeAbove > 0, width > 0 else {
      let use = OperatorUse(self, [b.type(of: x)], [b.type(of: y)])
      return try b.adjoint(use, wrt: 0, dy, [x]) ?? b.zeros(like: x)
    }
    let element = b.type(of: y).element
    let isAbove = try b.apply(Greater(), y, b.scalar(0, element))
    let below = try b.scaled(try b.apply(Add(), y, b.scalar(lowest, element)), by: 1 / width)
    return try b.apply(Mul(), dy, try b.apply(Where(), isAbove, b.scalar(slopeAbove, element), below))
  }
}
