import LoopIR

struct Pow: BinaryOp {
  static let name = "pow"
  static let summary = "a to the power of b, with broadcasting"

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { .binary(.power, a, b) }
}
