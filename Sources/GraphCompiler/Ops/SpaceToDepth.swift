import LoopIR

/// Gathers square blocks of pixels into channels.
struct SpaceToDepth: BlockOp {
  static let name = "space_to_depth"
  static let summary = "y[n, (p*block + q)*C + c, i, j] = x[n, c, i*block + p, j*block + q]"
  static let onnx: [ONNXRule] = [reads("SpaceToDepth", orderAttribute: "mode")]
  static let examples = [
    "space_to_depth(f32[1, 2, 4, 6], block: 2)", "space_to_depth(i32[2, 2, 3, 6], block: 3, order: \"crd\")",
  ]

  var block = 0
  var order = BlockOrder.dcr

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    let plane = try requirePlane(x)
    guard plane.rows.isMultiple(of: block), plane.columns.isMultiple(of: block) else {
      throw OpError("\(x) does not divide into blocks of \(block)*\(block) pixels", at: .field("block"))
    }
    let (channels, overflow) = plane.channels.multipliedReportingOverflow(by: block * block)
    guard !overflow else { throw OpError("\(x) in blocks of \(block) is too large", at: .field("block")) }
    return [TensorType(x.element, [x.shape[0], channels, plane.rows / block, plane.columns / block])]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    let (c, p, q) = order.split(axes[1].index, channels: max(1, operands[0].shape[1]), block: block)
    let (row, column) = (axes[2] * block + p, axes[3] * block + q)
    return [Equation(results[0], axes, operands[0][[axes[0].index, c, row, column]])]
  }
}

extension SpaceToDepth {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let shape = call.types[0].shape
    let blocks = [shape[0], shape[1], shape[2] / block, block, shape[3] / block, block]
    let split = call.node("Reshape", [call.operands[0], call.ints(blocks)], ["allowzero": .int(1)])
    let perm = order == .dcr ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4]
    let turned = call.node("Transpose", [split], ["perm": perm.attribute])
    call.finish("Reshape", [turned, call.ints(call.resultTypes[0].shape)], ["allowzero": .int(1)])
    return true
  }
}
