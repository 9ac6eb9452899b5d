import LoopIR

/// Spreads channels over square blocks of pixels: the last step of sub-pixel convolution.
struct DepthToSpace: BlockOp {
  static let name = "depth_to_space"
  static let summary = "y[n, c, i*block + p, j*block + q] = x[n, (p*block + q)*C + c, i, j] (Shi et al. 2016)"
  static let onnx: [ONNXRule] = [reads("DepthToSpace", orderAttribute: "mode")]
  static let examples = [
    "depth_to_space(f32[1, 8, 2, 3], block: 2)", "depth_to_space(i32[2, 18, 1, 2], block: 3, order: \"crd\")",
  ]

  var block = 0
  var order = BlockOrder.dcr

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    let plane = try requirePlane(x)
    guard plane.channels.isMultiple(of: block * block) else {
      throw OpError(
        "the \(plane.channels) channels of \(x) do not fill blocks of \(block)*\(block)", at: .field("block"))
    }
    let (rows, rowOverflow) = plane.rows.multipliedReportingOverflow(by: block)
    let (columns, columnOverflow) = plane.columns.multipliedReportingOverflow(by: block)
    guard !rowOverflow, !columnOverflow else {
      throw OpError("\(x) in blocks of \(block) is too large", at: .field("block"))
    }
    return [TensorType(x.element, [x.shape[0], plane.channels / (block * block), rows, columns])]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    let channel = order.channel(
      axes[1].index, axes[2].index.remainder(dividingBy: block), axes[3].index.remainder(dividingBy: block),
      channels: max(1, results[0].shape[1]), block: block)
    let (row, column) = (axes[2].index.dividedRoundingDown(by: block), axes[3].index.dividedRoundingDown(by: block))
    return [Equation(results[0], axes, operands[0][[axes[0].index, channel, row, column]])]
  }
}

extension DepthToSpace {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("DepthToSpace", nil, ["blocksize": .int(block), "mode": .string(order.rawValue.uppercased())])
    return true
  }
}
