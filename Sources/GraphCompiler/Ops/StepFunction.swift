import LoopIR

/// The Heaviside step, 1 at 0.
struct StepFunction: UnaryOp {
  static let name = "step"
  static let summary = "1 where x >= 0, else 0: the unit of McCulloch & Pitts 1943"

  func value(_ x: Scalar) -> Scalar { select(0 .<= x, 1, 0) }
}
