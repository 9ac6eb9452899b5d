import LoopIR

struct Mod: BinaryOp {
  static let name = "mod"
  static let summary = "remainder of a / b with the sign of b, or of a where truncated; of integers by 0: 0"
  static let fields: [Field<Self>] = [
    .field("truncated", \.truncated, "the remainder of the quotient cut toward zero, as fmod in C")
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("Mod") { call in
      var op = Mod()
      op.truncated = try call.bool("fmod", default: false)
      let (a, b) = try call.broadcastOperands()
      return [try call.apply(op, a, b)]
    }
  ]
  static let domain = ElementDomain.number
  static let examples = [
    "mod(f32[2, 3], f32[2, 3])", "mod(i32[2, 3], i32[3])", "mod(f32[2, 3, 4], f32[3, 1], truncated: true)",
  ]

  var truncated = false

  func value(_ a: Scalar, _ b: Scalar) -> Scalar {
    guard truncated else { return .binary(.modulo, a, b) }
    guard a.elementType?.isFloatingPoint == true else {
      let rest = Scalar.binary(.modulo, a, b)
      let isTurned = Scalar.binary(.and, rest .!= 0, (a .< 0) .!= (b .< 0))
      return select(isTurned, rest - b, rest)
    }
    let rest = Scalar.binary(.modulo, abs(a), abs(b))
    return select(a .< 0, -rest, rest)
  }
}

extension Mod {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    // Of floating-point numbers, ONNX only has the truncated remainder.
    let isFloating = call.types[0].element.isFloatingPoint
    if isFloating, !truncated { return writeExpression(call) }
    call.finish("Mod", nil, ["fmod": .bool(truncated)])
    return true
  }
}
