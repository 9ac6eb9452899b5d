/// How a loop nest is made of an equation: rewrites in order, each checked for legality where it is applied.
///
/// Printed and parsed as `split o 16 -> o0 o1; reorder n o0 i j o1; unroll j; vectorize o1`.
package struct Schedule: Hashable, Sendable {
  package enum Directive: Hashable, Sendable {
    /// `for a { … }` → `for outer { for inner in 0..<factor { … } }`, with a second nest, over `tail`, for a rest.
    case split(String, factor: Int, outer: String, inner: String)
    /// The perfect nest of the result's axes, in a new order.
    case reorder([String])
    /// Every iteration written out; loops inside are jammed.
    case unroll(String)
    /// The iterations become the lanes of vectors.
    case vectorize(String)
    /// The iterations may run on several threads.
    case parallel(String)
  }

  package var directives: [Directive]

  package init(_ directives: [Directive] = []) {
    self.directives = directives
  }
}
