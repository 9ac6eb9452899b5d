import LoopIR

struct ReduceSum: ReductionOp {
  static let name = "reduce_sum"
  static let summary = "sum over axes"
  static let onnx: [ONNXRule] = [.reduction("ReduceSum") { Self(axes: $0, keep: $1) }]
  static let reduction = Reduction.sum

  var axes: [Int] = []
  var keep = true
}
