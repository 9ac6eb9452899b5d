import Foundation
import LoopIR

/// The logarithm of the losses: a probability of 0 costs much, not everything, and has slope 0.
struct ClampedLog: UnaryOp {
  static let name = "clamped_log"
  static let summary = "log(x), but 'least' where it would lie below"
  static let fields: [Field<Self>] = [.field("least", \.least, "the least result")]
  static let examples = ["clamped_log(f32[2, 3])", "clamped_log(f32[2, 3], least: -1)"]

  var least = -100.0

  func value(_ x: Scalar) -> Scalar {
    select(x .<= .constant(Foundation.exp(least)), .constant(least), log(x))
  }
}
