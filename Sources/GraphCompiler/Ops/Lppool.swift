import LoopIR

/// The p-norm of every window; padding counts as 0.
struct Lppool: PrimitiveOp, DilatedPoolOp {
  static let name = "lppool"
  static let summary =
    "y[n,c,i,j] = (sum(p,q) |x[n, c, i*stride + p*dilation - pad, …]|^p)^(1/p) (Sermanet et al. 2012)"
  static let fields: [Field<Self>] =
    dilatedWindowFields.prefix(1) + [.field("p", \.p, "the power; 1 sums, 2 is the Euclidean norm", onnx: "p")]
    + dilatedWindowFields.dropFirst()
  static let onnx: [ONNXRule] = [
    reads("LpPool") { op, call in try op.adoptWindow(of: call) },
    ONNXRule("GlobalLpPool") { call in
      var op = Self()
      let x = try call.input(0)
      op.p = try call.attribute("p").map { try Double(attribute: $0) } ?? 2
      (op.kernel, op.stride) = (call.spatialShape(x), [1])
      return [try call.apply(op, x)]
    },
  ]
  static let examples = [
    "lppool(f32[1, 2, 4, 6], kernel: 2)",
    "lppool(f32[2, 1, 9], kernel: 3, stride: 2, pad: [1, 0], p: 1)",
    "lppool(f32[1, 1, 3, 4, 5], kernel: 2, stride: 1, p: 3)",
    "lppool(f32[1, 1, 6, 7], kernel: 3, stride: 2, ceil: true, p: 2.5)",
  ]

  var p = 2.0
  var kernel: [Int] = []
  var stride: [Int] = []
  var pad = Padding.numbers([0])
  var dilation = [1]
  var ceil = false

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try Self.requireFloat(operands[0])
    guard p > 0, p.isFinite else {
      throw OpError(
        "'p' must be positive and finite, found \(p)", at: .field("p"), help: "for the maximum, use maxpool")
    }
    return [try pooledType(operands[0])]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = PoolAxes(self, operands[0], results[0])
    let pixel = axes.pixel(outside: 0)
    let value: Scalar
    switch p {
    case 1: value = reduce(.sum, axes.taps, abs(pixel))
    case 2: value = .unary(.sqrt, reduce(.sum, axes.taps, pixel * pixel))
    default:
      let sum = reduce(.sum, axes.taps, .binary(.power, abs(pixel), .constant(p)))
      value = .binary(.power, sum, .constant(1 / p))
    }
    return [Equation(results[0], axes.result, value)]
  }
}

extension Lppool {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    guard p == p.rounded(), p >= 1, p < 1e6 else { return false }
    let power = Int(p)
    call.finish("LpPool", list: onnxWindow(call.types[0]).filter { $0.0 != "p" } + [("p", power.attribute)])
    return true
  }
}
