import LoopIR

/// Clipping by branches rather than `min` and `max`, so that the slope at a bound is 1.
struct Clip: UnaryOp {
  static let name = "clip"
  static let summary = "min where x < min, max where x > max, else x"
  static let fields: [Field<Self>] = [
    .field("min", \.min, "the least result"),
    .field("max", \.max, "the largest result"),
  ]
  static let domain = ElementDomain.number
  static let examples = [
    "clip(f32[2, 3, 4, 5], min: 0, max: 6)", "clip(f32[2, 3], max: 1)", "clip(i32[5], min: -1)",
  ]

  var min = -Double.infinity
  var max = Double.infinity

  func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType {
    guard min <= max else { throw OpError("'min' \(min) is above 'max' \(max)", at: .field("min")) }
    let element = try Self.requireSame(operands, in: Self.domain)
    guard let bounds = element.integerBounds else { return element }
    for (name, bound) in [("min", min), ("max", max)] where bound.isFinite {
      guard bounds.contains(bound), bound == bound.rounded() else {
        throw OpError("expected a number of type \(element) for '\(name)', found \(bound)", at: .field(name))
      }
    }
    return element
  }

  func value(_ x: Scalar) -> Scalar {
    let below = max == .infinity ? x : select(.constant(max) .< x, .constant(max), x)
    return min == -.infinity ? below : select(x .< .constant(min), .constant(min), below)
  }
}
