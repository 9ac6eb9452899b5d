import LoopIR

extension ElementType: WordAttribute {}

struct Cast: UnaryOp {
  static let name = "cast"
  static let summary = "x as another element type: to integers toward zero, to bool true where x is not 0"
  static let fields: [Field<Self>] = [.field("to", \.to, "the element type, such as \"f32\"")]
  static let onnx: [ONNXRule] = [
    ONNXRule("Cast") { call in
      guard let element = try call.element("to") else { throw OpError("attribute 'to' is missing") }
      // Both matter to types of 8 bits alone.
      call.ignore("saturate", "round_mode")
      return [try call.apply(Cast(to: element), try call.input(0))]
    },
    ONNXRule("CastLike") { call in
      call.ignore("saturate", "round_mode")
      return [try call.apply(Cast(to: call.type(try call.input(1)).element), try call.input(0))]
    },
  ]
  static let domain = ElementDomain.any
  static let examples = [
    "cast(i32[2, 3], to: \"f32\")", "cast(f32[2, 3], to: \"i32\")", "cast(bool[4], to: \"f32\")",
    "cast(f32[4], to: \"bool\")",
  ]

  var to = ElementType.f32

  init() {}

  init(to element: ElementType) { to = element }

  func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType { to }

  func value(_ x: Scalar) -> Scalar {
    if x.elementType == to { return x }
    return to == .bool ? x .!= 0 : .cast(to, x)
  }
}

extension Cast {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("Cast", nil, ["to": .int(to.onnxNumber)])
    return true
  }
}
