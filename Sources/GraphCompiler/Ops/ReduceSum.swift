import LoopIR

struct ReduceSum: ReductionOp {
  static let name = "reduce_sum"
  static let summary = "sum over axes"
  static let fields: [Field<Self>] = [
    .field("axes", \.axes, "the axes that are reduced; none given: all"),
    .field("keep", \.keep, "keep reduced axes with extent 1"),
  ]
  static let reduction = Reduction.sum

  var axes: [Int] = []
  var keep = true
}
