import LoopIR

/// Dropout as a network in training uses it. The mask depends on the seed and the step alone; `dropout` is the same
/// layer at inference.
struct DropoutTraining: CompositeOp {
  static let name = "dropout_training"
  static let summary =
    "two results: x / (1 - rate) where a random mask keeps it, else 0; and the mask (Srivastava et al. 2014)"
  static let operands = [Operand("x"), Operand("step", .optional)]
  static let fields: [Field<Self>] = [
    .field("rate", \.rate, "probability that an element is dropped"),
    .field("seed", \.seed, "chooses among 2^32 streams of masks"),
  ]
  static let examples = [
    "dropout_training(f32[2, 3, 4])", "dropout_training(f32[2, 3], i64[], rate: 0.2, seed: 5)",
  ]

  var rate = 0.5
  var seed = 0

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    try Self.requireFloat(x)
    guard rate >= 0, rate < 1 else {
      throw OpError("'rate' must be at least 0 and below 1, found \(rate)", at: .field("rate"))
    }
    _ = try RandomUniform(shape: x.shape, seed: seed).resultTypes(Array(operands.dropFirst()))
    return [x, TensorType(.bool, x.shape)]
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let x = operands[0]
    let numbers = RandomUniform(shape: b.shape(of: x), seed: seed)
    let random = try b.apply(numbers, Array(operands.dropFirst()))[0]
    let mask = try b.apply(LessEqual(), b.scalar(rate), random)
    let element = b.type(of: x).element
    let scaled = try b.apply(Mul(), x, b.scalar(1 / (1 - rate), element))
    return [try b.apply(Where(), mask, scaled, b.scalar(0, element)), mask]
  }
}
