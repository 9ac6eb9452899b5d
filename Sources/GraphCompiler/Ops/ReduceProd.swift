import LoopIR

struct ReduceProd: ReductionOp {
  static let name = "reduce_prod"
  static let summary = "product over axes"
  static let onnx: [ONNXRule] = [.reduction("ReduceProd") { Self(axes: $0, keep: $1) }]
  static let reduction = Reduction.product

  var axes: [Int] = []
  var keep = true
}
