import LoopIR

struct ReduceMax: ReductionOp {
  static let name = "reduce_max"
  static let summary = "largest element over axes"
  static let fields: [Field<Self>] = [
    .field("axes", \.axes, "the axes that are reduced; none given: all"),
    .field("keep", \.keep, "keep reduced axes with extent 1"),
  ]
  static let reduction = Reduction.maximum

  var axes: [Int] = []
  var keep = true
}
