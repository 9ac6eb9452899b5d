import LoopIR

struct BitShift: BinaryOp {
  static let name = "bit_shift"
  static let summary = "the bits of a moved by b places; 0 comes in, what leaves is lost"
  static let fields: [Field<Self>] = [.field("left", \.left, "toward the higher bits")]
  static let onnx: [ONNXRule] = [
    ONNXRule("BitShift") { call in
      let direction = try call.string("direction", default: "")
      guard direction == "LEFT" || direction == "RIGHT" else {
        throw OpError("expected LEFT or RIGHT as 'direction', found '\(direction)'")
      }
      let (a, b) = try call.broadcastOperands()
      return [try call.apply(BitShift(left: direction == "LEFT"), a, b)]
    }
  ]
  static let examples = ["bit_shift(u8[2, 3], u8[2, 3])", "bit_shift(u32[4], u32[], left: true)"]

  var left = false

  func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType {
    let element = try Self.requireSame(operands, in: .integer)
    guard element.integerBounds?.lowerBound == 0 else {
      throw OpError("'bit_shift' takes unsigned integers, found \(operands[0])", kind: .unsupported)
    }
    return element
  }

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { .binary(left ? .shiftLeft : .shiftRight, a, b) }
}

extension BitShift {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("BitShift", nil, ["direction": .string(left ? "LEFT" : "RIGHT")])
    return true
  }
}
