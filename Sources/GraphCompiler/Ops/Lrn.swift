import LoopIR

/// Local response normalization across channels.
///
/// The window of `size` channels is cut at the first and the last channel; an even one has its extra channel
/// behind. As in ONNX and PyTorch, alpha is divided by the size. The paper's formula has alpha alone: taken
/// literally, its alpha = 1e-4 with size 5 is `alpha: 5e-4` here.
struct Lrn: PrimitiveOp {
  static let name = "lrn"
  static let summary =
    "y = x / (k + alpha/size * sum of x^2 over size neighboring channels)^beta (Krizhevsky et al. 2012)"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("size", \.size, "channels in the window, centered", onnx: "size"),
    .field("alpha", \.alpha, "weight of the mean square (it is divided by the size, as in ONNX)", onnx: "alpha"),
    .field("beta", \.beta, "the power", onnx: "beta"),
    .field("k", \.k, "added before the power", onnx: "bias"),
  ]
  static let onnx: [ONNXRule] = [
    reads("LRN", isInvertible: true) { op, call in op.k = try call.float("bias", default: 1) }
  ]
  static let examples = [
    "lrn(f32[1, 7, 2, 3])", "lrn(f32[2, 4, 3], size: 4, alpha: 0.1, beta: 0.5, k: 1)",
    "lrn(f32[1, 2, 2, 3], size: 5, alpha: 0.01)", "lrn(f32[3, 2], size: 1)",
  ]

  var size = 5
  var alpha = 1e-4
  var beta = 0.75
  var k = 2.0

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try Self.requireFloat(operands[0])
    _ = try Self.requireChannels(operands[0])
    guard (1...Window.attributeLimit).contains(size) else {
      throw OpError(
        "'size' must be at least 1 and at most \(Window.attributeLimit), found \(size)", at: .field("size"))
    }
    try Self.requireFinite(alpha, field: "alpha")
    try Self.requireFinite(beta, field: "beta")
    try Self.requireFinite(k, field: "k")
    return operands
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let x = operands[0]
    let axes = Equation.axes(of: results[0])
    let tap = Axis("p", size)
    var indices = axes.map(\.index)
    indices[1] = axes[1] + tap - (size - 1) / 2
    let neighbor = size == 1 ? x[axes] : x[indices, outside: 0]
    let energy = reduce(.sum, [tap], neighbor * neighbor)
    let base = .constant(k) + .constant(alpha / Double(size)) * energy
    return [Equation(results[0], axes, x[axes] / .binary(.power, base, .constant(beta)))]
  }
}
