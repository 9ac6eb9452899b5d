import LoopIR

/// Real numbers as small integers.
struct Quantize: PrimitiveOp {
  static let name = "quantize"
  static let summary = "round(x / scale) + zero_point, halves to even, cut to the type (Jacob et al. 2018)"
  static let operands = [Operand("x"), Operand("scale"), Operand("zero_point", .optional)]
  static let fields: [Field<Self>] = [
    .field("axis", \.axis, QuantizationGrid.axisSummary),
    .field("block", \.block, QuantizationGrid.blockSummary),
    .field("to", \.to, "the element type, where no zero point says it"),
  ]
  static let onnx: [ONNXRule] = [
    reads("QuantizeLinear") { op, call in
      try call.quantizationGrid(axis: &op.axis, block: &op.block)
      // Only floating point of 8 bits, which is not supported, does not saturate.
      call.ignore("saturate")
      let scale = call.type(try call.input(1)).element
      if let type = try call.quantizationType("precision"), type != scale {
        throw call.unsupported(
          "attribute 'precision' is not supported where it differs from the scale's type")
      }
      guard let type = try call.quantizationType("output_dtype") else { return }
      op.to = type
      if let zero = call.optional(2), call.type(zero).element != type {
        throw OpError("the zero point is \(call.type(zero).element), 'output_dtype' says \(type)")
      }
    }
  ]
  static let examples = [
    "quantize(f32[2, 3], f32[], u8[])", "quantize(f32[2, 3, 4], f32[3], i8[3])", "quantize(f32[5], f32[])",
    "quantize(f32[4, 5], f32[4, 3], i16[4, 3], block: 2)",
    "quantize(f32[2, 3], f32[1], axis: -2, to: \"u16\")",
    "quantize(i32[2, 3], f32[2], axis: 0, to: \"i8\")",
  ]

  var axis = 1
  var block = 0
  var to = ElementType.u8

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try QuantizationGrid.resolve(axis, block: block, operands[0], operands[1])
    if operands.count == 3 { to = operands[2].element }
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try Self.require(.number, operands[0])
    try Self.requireFloat(operands[1], operand: 1)
    guard ElementDomain.integer.contains(to), to.byteCount <= 2 else {
      throw OpError(
        "'quantize' makes integers of 8 or 16 bits, not \(to)",
        at: operands.count == 3 ? .operand(2) : .field("to"),
        kind: .unsupported)
    }
    try QuantizationGrid.check(operands, axis: axis, block: block)
    return [TensorType(to, operands[0].shape)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, scale) = (operands[0], operands[1])
    let axes = Equation.axes(of: results[0])
    let element = x.element == scale.element ? x[axes] : .cast(scale.element, x[axes])
    let steps = element / QuantizationGrid.read(scale, at: axes, axis: axis, block: block)
    var value = Scalar.unary(.round, steps)
    if operands.count == 3 {
      let zero = QuantizationGrid.read(operands[2], at: axes, axis: axis, block: block)
      value = value + .cast(scale.element, zero)
    }
    return [Equation(results[0], axes, .cast(to, value))]
  }
}

extension Quantize {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    var inputs: [String?] = call.operands
    if inputs.count == 2 {
      let zero = TensorType(to, call.types[1].shape)
      inputs.append(call.constant(TensorData(zero, doubles: [Double](repeating: 0, count: zero.count))))
    }
    let blocks: [(String, Attribute)] = block == 0 ? [] : [("block_size", .int(block))]
    let isPlain = block == 0 && to.byteCount == 1
    let isHalf = call.types[0].element.isFloatingPoint && call.types[0].element.byteCount == 2
    let version = isPlain ? (isHalf ? 19 : 13) : 21
    call.finish("QuantizeLinear", inputs, list: [("axis", .int(axis))] + blocks, since: version)
    return true
  }
}
