import LoopIR

struct ReduceL2: ReductionOp {
  static let name = "reduce_l2"
  static let summary = "square root of the sum of squares over axes"
  static let onnx: [ONNXRule] = [.reduction("ReduceL2", yieldsFractions: true) { Self(axes: $0, keep: $1) }]
  static let reduction = Reduction.sum
  static let domain = ElementDomain.floating

  var axes: [Int] = []
  var keep = true

  func element(_ x: Scalar) -> Scalar { x * x }

  func finish(_ total: Scalar, count: Int) -> Scalar { .unary(.sqrt, total) }
}
