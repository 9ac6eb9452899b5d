import LoopIR

struct Eye: PrimitiveOp {
  static let name = "eye"
  static let summary = "a matrix with ones on a diagonal, zeros elsewhere"
  static let operands: [Operand] = []
  static let fields: [Field<Self>] = [
    .field("shape", \.shape, "rows and columns"),
    .field("diagonal", \.diagonal, "columns by which the diagonal is moved to the right"),
    .field("type", \.type, "the element type"),
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("EyeLike") { call in
      let like = call.type(try call.input(0))
      var op = Eye()
      op.shape = like.shape
      op.diagonal = try call.int("k", default: 0)
      op.type = try call.element("dtype") ?? like.element
      return [try call.apply(op)]
    }
  ]
  static let examples = ["eye(shape: [3, 3])", "eye(shape: [2, 4], diagonal: 1, type: \"i32\")"]

  var shape: [Int] = []
  var diagonal = 0
  var type = ElementType.f32

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    guard shape.count == 2, shape.allSatisfy({ $0 >= 0 }) else {
      throw OpError("expected two extents, found \(shape)", at: .field("shape"))
    }
    return [TensorType(type, shape)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    let isOne = Scalar.index(axes[1] - axes[0]) .== .constant(Double(diagonal))
    return [Equation(results[0], axes, select(isOne, 1, 0))]
  }
}
