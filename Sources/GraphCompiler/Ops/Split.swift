import LoopIR

struct Split: PrimitiveOp {
  static let name = "split"
  static let summary = "consecutive pieces along an axis, one result each"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("parts", \.parts, "number of equal pieces"),
    .field("sizes", \.sizes, "the extents of the pieces, in place of 'parts'"),
    .field("axis", \.axis, "the axis that is cut", onnx: "axis"),
  ]
  static let onnx: [ONNXRule] = [ONNXRule("Split", pieces)]
  static let examples = [
    "split(f32[2, 6, 3], parts: 2)", "split(f32[7, 2], sizes: [3, 4], axis: 0)",
    "split(i32[4], sizes: [1, 0, 3], axis: -1)",
  ]

  /// 0 once the sizes are written out.
  var parts = 0
  var sizes: [Int] = []
  var axis = 1

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let x = operands[0]
    axis = try AxisAttribute.resolve(axis, rank: x.rank)
    if sizes.isEmpty { sizes = try equalSizes(x) }
    guard parts == 0 || parts == sizes.count else {
      throw OpError(
        "\(parts) parts and \(sizes.count) sizes contradict", at: .field("parts"), help: "leave one out")
    }
    parts = 0
  }

  private func equalSizes(_ x: TensorType) throws(OpError) -> [Int] {
    guard parts >= 1, parts <= Window.attributeLimit else {
      throw OpError("'split' needs the number of parts or their sizes", help: "add 'parts: 2'")
    }
    guard x.shape[axis].isMultiple(of: parts) else {
      throw OpError(
        "axis \(axis) of \(x) does not divide into \(parts) equal parts", at: .field("parts"),
        help: "give the extents, as in 'sizes: [\(x.shape[axis] - 1), 1]'")
    }
    return [Int](repeating: x.shape[axis] / parts, count: parts)
  }

  /// ONNX's parts may differ: the last one is smaller where the extent does not divide.
  private static func pieces(_ call: ONNXCall) throws -> [Value?] {
    let x = try call.input(0)
    var op = Split()
    op.axis = try AxisAttribute.resolve(try call.int("axis", default: 0), rank: call.rank(x))
    let extent = call.shape(x)[op.axis]
    let parts = try call.int("num_outputs") ?? call.node.outputs.count
    guard (1...Window.attributeLimit).contains(parts) else {
      throw OpError("expected a positive number of outputs, found \(parts)")
    }
    let size = (extent + parts - 1) / parts
    op.sizes =
      try call.intsFrom(input: 1, orAttribute: "split")
      ?? (0..<parts).map { min(size, max(0, extent - $0 * size)) }
    return try call.applyAll(op, [x])
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    let extent = x.shape[axis]
    guard sizes.allSatisfy({ (0...extent).contains($0) }), sizes.reduce(0, +) == extent else {
      throw OpError(
        "sizes \(sizes) do not add up to \(extent), the extent of axis \(axis) of \(x)", at: .field("sizes"))
    }
    return sizes.map { size in
      var piece = x
      piece.shape[axis] = size
      return piece
    }
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    var start = 0
    return results.map { y in
      let axes = Equation.axes(of: y)
      var indices = axes.map(\.index)
      indices[axis] = axes[axis] + start
      start += y.shape[axis]
      return Equation(y, axes, operands[0][indices])
    }
  }
}

extension Split {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("Split", [call.operands[0], call.ints(sizes)], ["axis": .int(axis)])
    return true
  }
}
