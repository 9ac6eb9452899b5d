/// An operator with a gradient rule of its own, where one beats what its equations or its body give: it reuses the
/// result, or splits ties in the way of the field.
package protocol PullbackRule: Op {
  /// The gradients by the operands, one for each; nil where none is wanted or none flows.
  func pullback(_ b: inout GraphBuilder, _ use: DifferentiatedUse) throws(OpError) -> [Value?]
}

/// One use of an operator, seen from behind.
package struct DifferentiatedUse {
  package var operands: [Value]
  package var results: [Value]
  /// Gradients of the loss by the results; nil where the loss does not depend on one.
  package var cotangents: [Value?]
  /// Which gradients by operands are wanted.
  package var isWanted: [Bool]

  package init(operands: [Value], results: [Value], cotangents: [Value?], isWanted: [Bool]) {
    self.operands = operands
    self.results = results
    self.cotangents = cotangents
    self.isWanted = isWanted
  }
}

/// A rule for an operator of one operand and one result.
package protocol UnaryPullbackRule: PullbackRule {
  /// The gradient by `x`, given `y` and the gradient `dy` by it.
  func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value
}

extension UnaryPullbackRule {
  package func pullback(_ b: inout GraphBuilder, _ use: DifferentiatedUse) throws(OpError) -> [Value?] {
    guard let dy = use.cotangents[0], use.isWanted[0] else { return [nil] }
    return [try gradient(&b, x: use.operands[0], y: use.results[0], dy: dy)]
  }
}
