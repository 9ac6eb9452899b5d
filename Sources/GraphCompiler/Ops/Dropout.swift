import LoopIR

/// Dropout. The equation is that of inference; training multiplies by a random mask.
struct Dropout: UnaryOp {
  static let name = "dropout"
  static let summary = "x; in training, x * mask / (1 - rate) with a random mask (Srivastava et al. 2014)"
  static let fields: [Field<Self>] = [
    .field("rate", \.rate, "probability that an element is dropped in training")
  ]
  static let examples = ["dropout(f32[2, 3, 4])", "dropout(f32[2, 3], rate: 0.2)"]

  var rate = 0.5

  func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType {
    guard rate >= 0, rate < 1 else {
      throw OpError("'rate' must be at least 0 and below 1, found \(rate)", at: .field("rate"))
    }
    return try Self.requireSame(operands, in: Self.domain)
  }

  var keepsRowMajorOrder: Bool { true }

  func value(_ x: Scalar) -> Scalar { x }
}
