import LoopIR

struct IsNaN: UnaryOp {
  static let name = "is_nan"
  static let summary = "true where x is not a number"
  static let onnx: [ONNXRule] = [reads("IsNaN")]

  func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType {
    _ = try Self.requireSame(operands, in: Self.domain)
    return .bool
  }

  func value(_ x: Scalar) -> Scalar { .unary(.isNaN, x) }
}
