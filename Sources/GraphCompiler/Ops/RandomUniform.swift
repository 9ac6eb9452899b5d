import LoopIR

/// Random numbers that depend on the seed, the step and their place alone: another step, other numbers.
struct RandomUniform: PrimitiveOp {
  static let name = "random_uniform"
  static let summary = "evenly distributed numbers in [0, 1), by counting (Salmon et al. 2011)"
  static let operands = [Operand("step", .optional)]
  static let fields: [Field<Self>] = [
    .field("shape", \.shape, "the extents"), .field("seed", \.seed, "chooses among 2^32 streams"),
  ]
  static let examples = ["random_uniform(shape: [2, 3])", "random_uniform(i64[], shape: [20], seed: 7)"]

  var shape: [Int] = []
  var seed = 0

  init() {}

  init(shape: [Int], seed: Int) { (self.shape, self.seed) = (shape, seed) }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    if let step = operands.first {
      guard step.element == .i64, step.shape.isEmpty else {
        throw OpError("expected step i64[], found \(step)", at: .operand(0), help: "use cast(x, to: \"i64\")")
      }
    }
    guard (0..<1 << 32).contains(seed) else {
      throw OpError("'seed' must lie in 0..<2^32, found \(seed)", at: .field("seed"))
    }
    guard shape.allSatisfy({ $0 >= 0 }), TensorType.count(of: shape) != nil else {
      throw OpError("expected extents, found \(shape)", at: .field("shape"))
    }
    return [TensorType(.f32, shape)]
  }

  /// A step has 2^32 places of the stream.
  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    let place = Scalar.index(RowMajor.place(of: axes.map(\.index), shape: shape))
    let start = operands.first.map { $0[[Axis]()] * .constant(0x1p32) }
    return [Equation(results[0], axes, random(.constant(Double(seed)), start.map { $0 + place } ?? place))]
  }
}
