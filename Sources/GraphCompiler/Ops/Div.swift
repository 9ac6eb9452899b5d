import LoopIR

struct Div: BinaryOp {
  static let name = "div"
  static let summary = "a / b, with broadcasting"

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { a / b }
}
