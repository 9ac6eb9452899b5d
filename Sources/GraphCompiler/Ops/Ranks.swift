import LoopIR

/// Every element is compared with every other: n^2 comparisons along an axis of extent n. Equal elements keep their order;
/// NaN counts as larger than all numbers.
struct Ranks: PrimitiveOp {
  static let name = "ranks"
  static let summary = "how many elements come before each one when an axis is sorted, as i64"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("axis", \.axis, "the axis that is sorted"), .field("descending", \.descending, "the largest element first"),
  ]
  static let examples = ["ranks(f32[2, 5])", "ranks(i32[4, 3], axis: 0, descending: true)"]

  var axis = 1
  var descending = false

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try Self.require(.number, operands[0])
    return [TensorType(.i64, operands[0].shape)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let x = operands[0]
    let axes = Equation.axes(of: results[0])
    let other = Axis("p", axes[axis].extent)
    var place = axes
    place[axis] = other
    let (own, rival) = (x[axes], x[place])
    let isLess = descending ? isBelow(own, rival) : isBelow(rival, own)
    let isEqual = Scalar.unary(.not, .binary(.or, isBelow(own, rival), isBelow(rival, own)))
    let isFirst = Scalar.binary(.and, isEqual, .index(other.index) .< .index(axes[axis].index))
    let comesBefore = Scalar.binary(.or, isLess, isFirst)
    return [Equation(results[0], axes, reduce(.sum, [other], select(comesBefore, 1, 0)))]
  }

  private func isBelow(_ a: Scalar, _ b: Scalar) -> Scalar {
    guard a.elementType?.isFloatingPoint == true else { return a .< b }
    let isBelowNaN = Scalar.binary(.and, .unary(.isNaN, b), .unary(.not, .unary(.isNaN, a)))
    return .binary(.or, a .< b, isBelowNaN)
  }
}
