import LoopIR

struct IsInf: UnaryOp {
  static let name = "is_inf"
  static let summary = "true where x is infinite"
  static let fields: [Field<Self>] = [
    .field("negative", \.negative, "true for minus infinity", onnx: "detect_negative"),
    .field("positive", \.positive, "true for plus infinity", onnx: "detect_positive"),
  ]
  static let onnx: [ONNXRule] = [reads("IsInf", since: 20)]
  static let examples = ["is_inf(f32[2, 3, 4, 5])", "is_inf(f32[2, 3], negative: false)"]

  var negative = true
  var positive = true

  func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType {
    _ = try Self.requireSame(operands, in: Self.domain)
    return .bool
  }

  func value(_ x: Scalar) -> Scalar {
    let (below, above) = (x .== .constant(-.infinity), x .== .constant(.infinity))
    if negative, positive { return .binary(.or, below, above) }
    if negative { return below }
    return positive ? above : .binary(.and, above, 0)
  }
}
