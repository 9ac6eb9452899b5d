import LoopIR

/// Normalizations that have no parameters.
enum ONNXNormalizations: ONNXOperatorFamily {
  static let rules = [
    ONNXRule("Hardmax") { call in try call.alongAxis(hardmax) },
    ONNXRule("LpNormalization", lpNormalization),
    ONNXRule("MeanVarianceNormalization", meanVarianceNormalization),
  ]

  /// 1 at the first maximum along an axis, 0 elsewhere.
  private static func hardmax(_ x: Value, _ axis: Int, _ call: ONNXCall) throws(OpError) -> Value {
    let axis = try AxisAttribute.resolve(axis, rank: call.rank(x))
    var argmax = Argmax()
    (argmax.axis, argmax.keep) = (axis, true)
    var counted = [Int](repeating: 1, count: call.rank(x))
    counted[axis] = call.shape(x)[axis]
    let positions = try call.apply(Iota(shape: counted, axis: axis, type: .i64))
    let isLargest = try call.apply(Equal(), positions, try call.apply(argmax, x))
    return try call.cast(isLargest, to: call.type(x).element)
  }

  /// `x / |x|`, and 0 where the norm is 0.
  private static func lpNormalization(_ call: ONNXCall) throws -> [Value?] {
    let x = try call.input(0)
    let axis = try AxisAttribute.resolve(try call.int("axis", default: -1), rank: call.rank(x))
    let norm: Value
    switch try call.int("p", default: 2) {
    case 1: norm = try call.apply(ReduceSum(axes: [axis]), try call.apply(Abs(), x))
    case 2: norm = try call.apply(Sqrt(), try call.apply(ReduceSum(axes: [axis]), try call.apply(Mul(), x, x)))
    case let other: throw OpError("'p' must be 1 or 2, found \(other)")
    }
    let zero = call.scalar(0, call.type(x).element)
    let isZero = try call.apply(Equal(), norm, zero)
    return [try call.apply(Where(), isZero, zero, try call.apply(Div(), x, norm))]
  }

  /// `(x - mean) / (deviation + 1e-9)`.
  private static func meanVarianceNormalization(_ call: ONNXCall) throws -> [Value?] {
    let x = try call.input(0)
    let axes = try call.attributeInts("axes") ?? [0, 2, 3]
    let mean = try call.apply(ReduceMean(axes: axes), x)
    let centered = try call.apply(Sub(), x, mean)
    let variance = try call.apply(ReduceMean(axes: axes), try call.apply(Mul(), centered, centered))
    let offset = call.scalar(1e-9, call.type(x).element)
    let deviation = try call.apply(Add(), try call.apply(Sqrt(), variance), offset)
    return [try call.apply(Div(), centered, deviation)]
  }
}
