import LoopIR

/// Cross entropy of probabilities with targets in 0...1. Logarithms stop at -100, so that a probability of 0
/// is finite.
struct BinaryCrossEntropy: TargetLossOp {
  static let name = "binary_cross_entropy"
  static let summary = "-(t log p + (1 - t) log(1 - p)), sum over outputs, mean over the batch (Bishop 2006, 4.90)"
  static let operands = [Operand("p"), Operand("t")]

  var reduction = LossReduction.mean

  func outputLosses(_ b: inout GraphBuilder, _ p: Value, _ target: Value) throws(OpError) -> Value {
    let one = b.scalar(1, b.type(of: p).element)
    let ifTrue = try b.apply(ClampedLog(), p)
    let ifFalse = try b.apply(ClampedLog(), try b.apply(Sub(), one, p))
    let partTrue = try b.apply(Mul(), target, ifTrue)
    let partFalse = try b.apply(Mul(), try b.apply(Sub(), one, target), ifFalse)
    return try b.apply(Neg(), try b.apply(Add(), partTrue, partFalse))
  }
}
