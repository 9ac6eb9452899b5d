import LoopIR
import SourceText

/// What `clip norm(1)` or `clip value(0.5)` does to gradients before an update (Pascanu et al. 2013).
package struct GradientClipping: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// All gradients together, as one vector, are scaled to at most that length.
    case norm
    /// Every element is limited by itself.
    case value
  }

  package let kind: Kind
  package let limit: Double

  init(_ directive: TrainDirective) throws(CompileError) {
    let limit = TrainArgument("limit", .positive, "the largest that remains")
    let calls = Kind.allCases.map { TrainCall(name: $0.rawValue, arguments: [limit]) }
    let (place, values) = try directive.resolved(among: calls, noun: "clipping")
    kind = Kind.allCases[place]
    self.limit = values.number("limit")
  }

  /// Appends the clipped gradients.
  package func apply(_ b: inout GraphBuilder, _ gradients: [Value]) throws(OpError) -> [Value] {
    var clipped: [Value] = []
    switch kind {
    case .value:
      for gradient in gradients { clipped.append(try b.apply(Clip(min: -limit, max: limit), gradient)) }
    case .norm:
      guard let factor = try factor(&b, gradients) else { return [] }
      for gradient in gradients {
        clipped.append(try b.apply(Mul(), gradient, try b.converted(factor, like: gradient)))
      }
    }
    return clipped
  }

  /// `min(1, limit / (norm + 1e-6))`; nil without gradients.
  private func factor(_ b: inout GraphBuilder, _ gradients: [Value]) throws(OpError) -> Value? {
    guard let first = gradients.first else { return nil }
    var total = try squares(&b, first)
    for gradient in gradients.dropFirst() {
      let squares = try b.converted(try squares(&b, gradient), like: total)
      total = try b.apply(Add(), total, squares)
    }
    let element = b.type(of: total).element
    let divisor = try b.apply(Add(), try b.apply(Sqrt(), total), b.scalar(1e-6, element))
    let factor = try b.apply(Div(), b.scalar(limit, element), divisor)
    return try b.apply(Min(), factor, b.scalar(1, element))
  }

  private func squares(_ b: inout GraphBuilder, _ gradient: Value) throws(OpError) -> Value {
    try b.apply(ReduceSum(keep: false), try b.squared(gradient))
  }
}
