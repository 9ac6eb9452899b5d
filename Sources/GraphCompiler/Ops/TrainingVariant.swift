/// An operator that does something else while a network trains.
package protocol TrainingVariant: Op {
  /// What it is then; nil where it is the same.
  func trainingForm(_ bits: RandomBits) -> TrainingForm?
}

/// The random bits that a use of an operator may draw.
package struct RandomBits: Hashable, Sendable {
  package var seed: UInt64
  /// Tells the uses of one network apart: the name of the first result.
  package var stream: String
}

/// What stands for an operator in training. Its operands are the same, and the number of steps done where it asks for
/// that. Its results are the same, and then new elements for each operand that is a statistic.
package struct TrainingForm {
  package var op: any Op
  /// Whether the last operand is the number of steps done, `i64[]`.
  package var countsSteps: Bool

  package init(_ op: any Op, countsSteps: Bool = false) {
    self.op = op
    self.countsSteps = countsSteps
  }
}
