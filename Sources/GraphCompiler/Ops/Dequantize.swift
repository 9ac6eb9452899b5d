import LoopIR

/// Small integers as the real numbers that they stand for.
struct Dequantize: PrimitiveOp {
  static let name = "dequantize"
  static let summary = "(x - zero_point) * scale (Jacob et al. 2018)"
  static let operands = [Operand("x"), Operand("scale"), Operand("zero_point", .optional)]
  static let fields: [Field<Self>] = [
    .field("axis", \.axis, QuantizationGrid.axisSummary),
    .field("block", \.block, QuantizationGrid.blockSummary),
  ]
  static let onnx: [ONNXRule] = [
    reads("DequantizeLinear") { op, call in
      try call.quantizationGrid(axis: &op.axis, block: &op.block)
      let scale = call.type(try call.input(1)).element
      if let type = try call.quantizationType("output_dtype"), type != scale {
        throw call.unsupported(
          "attribute 'output_dtype' is not supported where it differs from the scale's type")
      }
    }
  ]
  static let examples = [
    "dequantize(u8[2, 3], f32[], u8[])", "dequantize(i8[2, 3, 4], f32[3], i8[3])",
    "dequantize(i32[5], f32[])",
    "dequantize(i16[4, 5], f32[4, 3], i16[4, 3], block: 2)", "dequantize(u16[2, 3], f32[2], axis: -2)",
  ]

  var axis = 1
  var block = 0

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try QuantizationGrid.resolve(axis, block: block, operands[0], operands[1])
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, scale) = (operands[0], operands[1])
    try Self.require(.integer, x)
    try Self.requireFloat(scale, operand: 1)
    if operands.count == 3 { _ = try Self.requireSame([x.element, x.element, operands[2].element]) }
    try QuantizationGrid.check(operands, axis: axis, block: block)
    return [TensorType(scale.element, x.shape)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, scale) = (operands[0], operands[1])
    let axes = Equation.axes(of: results[0])
    var value = Scalar.cast(scale.element, x[axes])
    if operands.count == 3 {
      let zero = QuantizationGrid.read(operands[2], at: axes, axis: axis, block: block)
      value = value - .cast(scale.element, zero)
    }
    return [
      Equation(results[0], axes, value * QuantizationGrid.read(scale, at: axes, axis: axis, block: block))
    ]
  }
}

extension Dequantize {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let isOld = block == 0 && (call.types[0].element.byteCount == 1 || call.types[0].element == .i32)
    let blocks: [(String, Attribute)] = block == 0 ? [] : [("block_size", .int(block))]
    call.finish("DequantizeLinear", list: [("axis", .int(axis))] + blocks, since: isOld ? 13 : 21)
    return true
  }
}
