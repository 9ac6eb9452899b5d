import LoopIR

/// Mean of every window, over the pixels that are inside the input or, with `count_pad`, inside its padding
/// too. What a window of `ceil` mode has beyond the padding never counts.
struct Avgpool: PrimitiveOp, DilatedPoolOp {
  static let name = "avgpool"
  static let summary =
    "y[n,c,i,j] = sum(p,q) x[n, c, i*stride + p*dilation - pad, …] / count (LeCun et al. 1989)"
  static let fields =
    dilatedWindowFields + [.field("count_pad", \.countPad, "padding counts as zeros of the mean", onnx: "count_include_pad")]
  static let onnx: [ONNXRule] = [reads("AveragePool") { op, call in try op.adoptWindow(of: call) }]
  static let examples = [
    "avgpool(f32[1, 2, 4, 6], kernel: 2)",
    "avgpool(f32[2, 1, 9], kernel: 3, stride: 2, pad: 1)",
    "avgpool(f32[2, 1, 9], kernel: 3, stride: 2, pad: 1, count_pad: true)",
    "avgpool(f32[1, 2, 5, 4, 6], kernel: [2, 2, 3], stride: [1, 2, 2])",
    "avgpool(f32[1, 1, 6, 7], kernel: 3, stride: 2, ceil: true)",
    "avgpool(f32[1, 1, 5, 6], kernel: [2, 3], stride: 2, pad: [1, 0, 0, 2], ceil: true, count_pad: true)",
    "avgpool(f32[1, 1, 7, 7], kernel: 2, stride: 1, dilation: [2, 3], pad: \"same\")",
  ]

  var kernel: [Int] = []
  var stride: [Int] = []
  var pad = Padding.numbers([0])
  var dilation = [1]
  var ceil = false
  var countPad = false

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = PoolAxes(self, operands[0], results[0])
    let sum = reduce(.sum, axes.taps, axes.pixel(outside: 0))
    var (constant, varying): (Int, Scalar?) = (1, nil)
    for axis in 0..<axes.window.rank {
      let count = tapCount(axes, axis, input: operands[0].shape[axis + 2])
      if case .constant(let number) = count {
        constant *= number
      } else {
        varying = varying.map { $0 * .index(count) } ?? .index(count)
      }
    }
    let count = constant == 1 ? varying : varying.map { $0 * .constant(Double(constant)) }
    return [Equation(results[0], axes.result, sum / (count ?? .constant(Double(constant))))]
  }

  /// How many taps of a window count along an axis. With `s` the position of the first tap, tap `p` counts
  /// where `low <= s + p * dilation < high`: from `ceil((low - s) / dilation)` on, below `ceil((high - s) /
  /// dilation)`.
  private func tapCount(_ axes: PoolAxes, _ axis: Int, input: Int) -> Index {
    let window = axes.window
    let (kernel, step) = (window.kernel[axis], window.dilation[axis])
    let start = axes.spatial[axis] * window.stride[axis] - window.before[axis]
    let (low, high) = countPad ? (-window.before[axis], input + window.after[axis]) : (0, input)
    let first = (low - start + (step - 1)).dividedRoundingDown(by: step)
    let end = (high - start + (step - 1)).dividedRoundingDown(by: step)
    let firstInside = Index.maximum(first, .constant(0)).simplified
    return Index.minimum(end, .constant(kernel)).simplified - firstInside
  }
}

extension Avgpool {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let isDilated = dilation.contains { $0 != 1 }
    let window = onnxWindow(call.types[0], countsPadding: countPad)
    let attributes = window.filter { isDilated || $0.0 != "dilations" }
    call.finish("AveragePool", list: attributes, since: isDilated ? 19 : 1)
    return true
  }
}
