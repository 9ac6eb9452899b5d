import LoopIR

/// Dropout as training runs it. Whether an element stays follows from its position, the number of the step, the seed and
/// the name of the stream alone, so that masks can be made again elsewhere:
///
/// Element `e` (its row-major position) is dropped in step `t` where the first word of the Philox-4x32-10 block with
///
///     key       (seed mod 2^32, seed div 2^32)
///     counter   (e mod 2^32, t mod 2^32, h mod 2^32, h div 2^32)     h: FNV-1a, 64 bits, of the stream's name in UTF-8
///
/// is below `rate * 2^32`, rounded to a whole number. Steps count from 0. This is word `4 (e + 2^32 t)` of the random
/// stream from which a parameter of that name would get its first values.
struct DropoutTraining: PrimitiveOp {
  static let name = "dropout_training"
  static let summary =
    "x / (1 - rate), or 0 with probability rate: bits of Philox-4x32-10 (Srivastava et al. 2014)"
  static let operands = [Operand("x"), Operand("step")]
  static let fields: [Field<Self>] = [
    .field("rate", \.rate, "probability that an element is dropped"),
    .field("seed", \.seed, "selects the random bits, with the stream"),
    .field("stream", \.stream, "a name that selects the random bits, with the seed"),
  ]
  static let examples = [
    "dropout_training(f32[2, 3, 4], i64[])",
    "dropout_training(f32[20], i64[], rate: 0.2, seed: 7, stream: \"drop\")",
  ]

  var rate = 0.5
  var seed = 0
  var stream = ""

  init() {}

  init(rate: Double, _ bits: RandomBits) {
    self.rate = rate
    seed = Int(truncatingIfNeeded: bits.seed)
    stream = bits.stream
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    guard rate >= 0, rate < 1 else {
      throw OpError("'rate' must be at least 0 and below 1, found \(rate)", at: .field("rate"))
    }
    try Self.requireFloat(operands[0])
    try Self.require(.integer, operands[1], operand: 1)
    try Self.requireShape(operands[1], [], operand: 1, for: "the number of the step")
    return [operands[0]]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let axes = Equation.axes(of: results[0])
    let place = Layout.plain(rank: axes.count).offset(of: axes.map(\.index), shape: results[0].shape)
    let key = UInt64(truncatingIfNeeded: seed).words
    let name = RandomStream.hash(stream).words
    let word = Scalar.random(
      [
        .constant(key[0]), .constant(key[1]), .index(place), operands[1][[] as [Axis]], .constant(name[0]),
        .constant(name[1]),
      ])
    let threshold = Scalar.constant((rate * 0x1p32).rounded())
    let kept = operands[0][axes] * .constant(1 / (1 - rate))
    return [Equation(results[0], axes, select(word .< threshold, 0, kept))]
  }
}

extension UInt64 {
  /// Its lower and its upper half.
  fileprivate var words: [Double] { [Double(self & 0xFFFF_FFFF), Double(self >> 32)] }
}
