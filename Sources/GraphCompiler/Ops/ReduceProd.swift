import LoopIR

struct ReduceProd: ReductionOp {
  static let name = "reduce_prod"
  static let summary = "product over axes"
  static let reduction = Reduction.product

  var axes: [Int] = []
  var keep = true
}
