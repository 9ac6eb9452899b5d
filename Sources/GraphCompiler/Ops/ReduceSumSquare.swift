import LoopIR

struct ReduceSumSquare: ReductionOp {
  static let name = "reduce_sum_square"
  static let summary = "sum of squares over axes"
  static let onnx: [ONNXRule] = [.reduction("ReduceSumSquare") { Self(axes: $0, keep: $1) }]
  static let reduction = Reduction.sum

  var axes: [Int] = []
  var keep = true

  func element(_ x: Scalar) -> Scalar { x * x }
}
