import LoopIR

struct Expand: PrimitiveOp {
  static let name = "expand"
  static let summary = "x broadcast together with a shape"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("shape", \.shape, "extents, aligned at the last axis; 1 or -1 keep that of x")
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("Expand") { call in
      guard let shape = try call.shapeInts(1, "shape") else { throw OpError("the shape is missing") }
      return [try call.apply(Self(shape: shape), try call.input(0))]
    }
  ]
  static let examples = [
    "expand(f32[3, 1], shape: [2, 3, 4])", "expand(f32[], shape: [2])", "expand(f32[2, 3], shape: [-1, 3])",
  ]

  var shape: [Int] = []

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    guard shape.allSatisfy({ $0 >= -1 }) else {
      throw OpError("expected extents, found \(shape)", at: .field("shape"))
    }
    shape = try Broadcasting.shape([operands[0].shape, shape.map { $0 == -1 ? 1 : $0 }])
  }

  func resultTypes(_ operands: [TensorType]) -> [TensorType] { [TensorType(operands[0].element, shape)] }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    return [Equation(results[0], axes, Broadcasting.read(operands[0], at: axes))]
  }
}

extension Expand {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("Expand", [call.operands[0], call.ints(shape)])
    return true
  }
}
