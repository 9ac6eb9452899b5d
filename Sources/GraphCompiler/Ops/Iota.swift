import LoopIR

/// Positions as numbers, for operators whose result depends on where an element stands: argmax, one-hot
/// labels.
struct Iota: PrimitiveOp {
  static let name = "iota"
  static let summary = "each element is its position along an axis (Iverson 1962)"
  static let operands: [Operand] = []
  static let fields: [Field<Self>] = [
    .field("shape", \.shape, "the extents"),
    .field("axis", \.axis, "the axis that is counted along"),
    .field("type", \.type, "the element type"),
  ]
  static let examples = ["iota(shape: [4])", "iota(shape: [2, 3, 1], axis: 1, type: \"f32\")"]

  var shape: [Int] = []
  var axis = 0
  var type = ElementType.i64

  init() {}

  init(shape: [Int], axis: Int, type: ElementType) {
    (self.shape, self.axis, self.type) = (shape, axis, type)
  }

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: shape.count)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    guard type != .bool else {
      throw OpError("positions are numbers, found type bool", at: .field("type"), help: "use type: \"i64\"")
    }
    return [TensorType(type, shape)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    return [Equation(results[0], axes, .index(axes[axis].index))]
  }
}
