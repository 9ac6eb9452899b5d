import LoopIR

/// Maximum of every window; padding never wins.
struct Maxpool: PrimitiveOp, DilatedPoolOp, UnaryPullbackRule {
  static let name = "maxpool"
  static let summary =
    "y[n,c,i,j] = max(p,q) x[n, c, i*stride + p*dilation - pad, …] (Riesenhuber & Poggio 1999)"
  static let fields = dilatedWindowFields
  static let onnx: [ONNXRule] = [
    ONNXRule("MaxPool") { call in
      var op = Self()
      try op.adoptAttributes(of: call)
      try op.adoptWindow(of: call)
      let isColumnMajor = try call.bool("storage_order", default: false)
      let x = try call.input(0)
      guard call.isUsed(1) else { return [try call.apply(op, x)] }
      let results = try call.applyAll(op.sameWindow(as: MaxpoolIndices()), [x])
      let places = isColumnMajor ? try call.columnMajor(results[1], call.spatialShape(x)) : results[1]
      return [results[0], try call.apply(Add(), places, try call.planeStarts(call.shape(x)))]
    }
  ]
  static let examples = [
    "maxpool(f32[1, 2, 4, 6], kernel: 2)",
    "maxpool(f32[2, 1, 9], kernel: 3, stride: 2, pad: 1)",
    "maxpool(f32[1, 2, 5, 4, 6], kernel: [2, 2, 3], stride: [1, 2, 2])",
    "maxpool(f32[1, 1, 6, 7], kernel: 3, stride: 2, ceil: true)",
    "maxpool(f32[1, 1, 5, 6], kernel: [2, 3], stride: 2, pad: [1, 0, 0, 2], ceil: true)",
    "maxpool(f32[1, 1, 7, 7], kernel: 2, stride: 1, dilation: [2, 3], pad: \"same\")",
    "maxpool(u8[1, 2, 4, 4], kernel: 3, stride: 1, pad: 1)",
  ]

  var kernel: [Int] = []
  var stride: [Int] = []
  var pad = Padding.numbers([0])
  var dilation = [1]
  var ceil = false

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try Self.require(.number, operands[0])
    return [try pooledType(operands[0])]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = PoolAxes(self, operands[0], results[0])
    let least = operands[0].element.integerBounds?.lowerBound ?? -.infinity
    return [Equation(results[0], axes.result, reduce(.maximum, axes.taps, axes.pixel(outside: least)))]
  }

  /// Goes to the first maximum of each window, in row-major order.
  func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    let taps = try b.apply(sameWindow(as: MaxpoolTaps()), x, y)
    let types = [b.type(of: x), b.type(of: taps)]
    let picked = OperatorUse(sameWindow(as: MaxpoolPick()), types, [b.type(of: y)])
    return try b.apply(Adjoint(of: picked, wrt: 0), dy, taps)
  }
}

extension Maxpool {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("MaxPool", list: onnxWindow(call.types[0]))
    return true
  }
}
