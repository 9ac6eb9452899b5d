/// The largest element is taken out before `exp`, so that nothing overflows; an infinite one stays.
struct ReduceLogSumExp: OverAxesOp, CompositeOp {
  static let name = "reduce_log_sum_exp"
  static let summary = "log(sum exp(x)) over axes, a smooth maximum"
  static let domain = ElementDomain.floating
  static let onnx: [ONNXRule] = [
    .reduction("ReduceLogSumExp", yieldsFractions: true) { Self(axes: $0, keep: $1) }
  ]

  var axes: [Int] = []
  var keep = true

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let x = operands[0]
    let element = b.type(of: x).element
    let largest = try b.apply(ReduceMax(axes: axes), x)
    let isEndless = try b.apply(Equal(), try b.apply(Abs(), largest), b.scalar(.infinity, element))
    let shift = try b.apply(Where(), isEndless, b.scalar(0, element), largest)
    let exponential = try b.apply(Exp(), try b.apply(Sub(), x, shift))
    let total = try b.apply(ReduceSum(axes: axes), exponential)
    let result = try b.apply(Add(), try b.apply(Log(), total), shift)
    return [keep || axes.isEmpty ? result : try b.apply(Squeeze(axes: axes), result)]
  }
}
