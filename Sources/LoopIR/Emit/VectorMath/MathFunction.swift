/// A mathematical function of real numbers that generated C carries with it, so that it needs no libm.
///
/// Every function takes and returns single precision, a vector at a time. Accuracy, special cases and
/// polynomials are stated above each function in the generated text.
package enum MathFunction: String, CaseIterable, Sendable {
  case abs, acos, acosh, asin, asinh, atan, atanh, ceil, cos, cosh, erf, exp, floor, log, pow, sin, sinh, sqrt, tan, tanh
  case trunc
  /// To the nearest integer, halves to the even one.
  case round

  /// How many operands the function takes: two for `pow`, one for the others.
  package var arity: Int { self == .pow ? 2 : 1 }

  /// The C name of the function over `lanes` floats: `lenet5_exp_f32x16`, or `lenet5_exp_f32` for one lane.
  package func name(prefix: String, lanes: Int) -> String {
    LaneShape(prefix: prefix, lanes: lanes, qualifiers: "").function(rawValue)
  }
}
