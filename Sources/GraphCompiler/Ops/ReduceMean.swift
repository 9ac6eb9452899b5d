import LoopIR

struct ReduceMean: ReductionOp {
  static let name = "reduce_mean"
  static let summary = "arithmetic mean over axes; of integers, toward zero"
  static let onnx: [ONNXRule] = [.reduction("ReduceMean") { Self(axes: $0, keep: $1) }]
  static let reduction = Reduction.sum

  var axes: [Int] = []
  var keep = true

  func finish(_ total: Scalar, count: Int) -> Scalar { total / .constant(Double(count)) }
}
