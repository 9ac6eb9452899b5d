import LoopIR

extension ElementType: WordAttribute {}

struct Cast: UnaryOp {
  static let name = "cast"
  static let summary = "x as another element type: to integers toward zero, to bool true where x is not 0"
  static let fields: [Field<Self>] = [.field("to", \.to, "the element type, such as \"f32\"")]
  static let domain = ElementDomain.any
  static let examples = [
    "cast(i32[2, 3], to: \"f32\")", "cast(f32[2, 3], to: \"i32\")", "cast(bool[4], to: \"f32\")",
    "cast(f32[4], to: \"bool\")",
  ]

  var to = ElementType.f32

  func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType { to }

  func value(_ x: Scalar) -> Scalar {
    if x.elementType == to { return x }
    return to == .bool ? x .!= 0 : .cast(to, x)
  }
}
