import LoopIR

struct ReduceL1: ReductionOp {
  static let name = "reduce_l1"
  static let summary = "sum of magnitudes over axes"
  static let onnx: [ONNXRule] = [.reduction("ReduceL1") { Self(axes: $0, keep: $1) }]
  static let reduction = Reduction.sum

  var axes: [Int] = []
  var keep = true

  func element(_ x: Scalar) -> Scalar { abs(x) }
}
