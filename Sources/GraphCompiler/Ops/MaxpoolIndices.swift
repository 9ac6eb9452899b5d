import LoopIR

/// Maximum of every window and its place, for `max_unpool`.
struct MaxpoolIndices: CompositeOp, DilatedPoolOp {
  static let name = "maxpool_indices"
  static let summary =
    "two results: maxpool, and the place of each maximum in its H*W plane (the first of equals), i64"
  static let fields = dilatedWindowFields
  static let examples = [
    "maxpool_indices(f32[1, 2, 4, 6], kernel: 2)",
    "maxpool_indices(f32[2, 1, 9], kernel: 3, stride: 2, pad: 1)",
    "maxpool_indices(f32[1, 1, 5, 6], kernel: [2, 3], stride: 2, pad: [1, 0, 0, 2], ceil: true)",
    "maxpool_indices(f32[1, 1, 3, 4, 5], kernel: 2, stride: 1, dilation: [1, 2, 2])",
  ]

  var kernel: [Int] = []
  var stride: [Int] = []
  var pad = Padding.numbers([0])
  var dilation = [1]
  var ceil = false

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try Self.require(.number, operands[0])
    let values = try pooledType(operands[0])
    return [values, TensorType(.i64, values.shape)]
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let values = try b.apply(sameWindow(as: Maxpool()), operands[0])
    return [values, try b.apply(sameWindow(as: MaxpoolPositions()), operands[0], values)]
  }
}

extension MaxpoolIndices {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let shape = call.types[0].shape
    let places = call.node("MaxPool", [call.operands[0]], list: onnxWindow(call.types[0]), with: [call.results[0]])
    call.finish("Sub", [places, call.planeStarts(shape)], to: [call.results[1]])
    return true
  }
}
