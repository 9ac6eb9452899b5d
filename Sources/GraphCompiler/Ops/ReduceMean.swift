import LoopIR

struct ReduceMean: ReductionOp {
  static let name = "reduce_mean"
  static let summary = "arithmetic mean over axes"
  static let reduction = Reduction.sum
  static let domain = ElementDomain.floating

  var axes: [Int] = []
  var keep = true

  func finish(_ total: Scalar, count: Int) -> Scalar { total / .constant(Double(count)) }
}
