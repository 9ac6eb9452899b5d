import LoopIR

/// The loss that the perceptron rule descends, for targets of ±1: what the scores on the wrong side amount to. A score of 0
/// is on the wrong side of either target, so that weights which begin at 0 learn.
struct PerceptronLoss: TargetLossOp {
  static let name = "perceptron_loss"
  static let summary = "-t s where t s <= 0, else 0, for t = ±1; its descent is w += rate t x for mistakes (Rosenblatt 1958)"
  static let operands = [Operand("scores"), Operand("t")]

  var reduction = LossReduction.mean

  func outputLosses(_ b: inout GraphBuilder, _ scores: Value, _ target: Value) throws(OpError) -> Value {
    let lead = try b.apply(Mul(), target, scores)
    let zero = b.scalar(0, b.type(of: scores).element)
    return try b.apply(Where(), try b.apply(Greater(), lead, zero), zero, try b.apply(Neg(), lead))
  }
}
