import LoopIR

struct ReduceLogSum: ReductionOp {
  static let name = "reduce_log_sum"
  static let summary = "logarithm of the sum over axes"
  static let onnx: [ONNXRule] = [
    .reduction("ReduceLogSum", yieldsFractions: true) { Self(axes: $0, keep: $1) }
  ]
  static let reduction = Reduction.sum
  static let domain = ElementDomain.floating

  var axes: [Int] = []
  var keep = true

  func finish(_ total: Scalar, count: Int) -> Scalar { log(total) }
}
