import LoopIR

struct Pad: PrimitiveOp {
  static let name = "pad"
  static let summary = "x with a margin around it; a negative margin cuts"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("pads", \.pads, "the margin before each axis, then behind each axis"),
    .field("mode", \.mode, "what fills the margin"),
    .field("value", \.value, "the constant of mode \"constant\""),
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("CenterCropPad", readCenterCropPad), ONNXRule("Pad", readONNX),
  ]
  static let examples = [
    "pad(f32[2, 3], pads: [1, 0, 2, 1])",
    "pad(f32[2, 3], pads: [0, 1, 1, 0], mode: \"constant\", value: 0.5)",
    "pad(f32[2, 4], pads: [0, 3, 1, 2], mode: \"reflect\")",
    "pad(f32[2, 3], pads: [2, 3, 0, 4], mode: \"replicate\")",
    "pad(f32[2, 3], pads: [1, 3, 2, 1], mode: \"circular\")", "pad(f32[3, 4], pads: [-1, 1, 0, -2])",
  ]

  var pads: [Int] = []
  var mode = PadMode.zeros
  var value = 0.0

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    var y = operands[0]
    guard pads.count == 2 * y.rank else {
      throw OpError(
        "'pads' has \(pads.count) numbers for \(y)", at: .field("pads"),
        help: "give \(y.rank) for the begins, then \(y.rank) for the ends")
    }
    let (before, after) = (Array(pads[..<y.rank]), Array(pads[y.rank...]))
    try mode.check(before: before, after: after, input: y.shape, axes: "axis", field: "pads")
    for axis in 0..<y.rank {
      let limit = -Window.attributeLimit...Window.attributeLimit
      guard limit.contains(before[axis]), limit.contains(after[axis]) else {
        throw OpError("'pads' must lie in \(limit), found \(pads)", at: .field("pads"))
      }
      y.shape[axis] += before[axis] + after[axis]
      guard y.shape[axis] >= 0 else {
        throw OpError("'pads' \(pads) cut more than axis \(axis) of \(operands[0]) has", at: .field("pads"))
      }
    }
    return [y]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    let positions = axes.enumerated().map { $0.element - pads[$0.offset] }
    let isPadded = pads.contains { $0 > 0 }
    let element = mode.read(operands[0], [], positions, constant: value, isPadded: isPadded)
    return [Equation(results[0], axes, element)]
  }
}

extension Pad {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let (kind, version) = mode.onnx
    let value = mode.isConstant ? call.scalar(mode == .constant ? value : 0, call.types[0].element) : nil
    call.finish("Pad", [call.operands[0], call.ints(pads), value], ["mode": .string(kind)], since: version)
    return true
  }
}
