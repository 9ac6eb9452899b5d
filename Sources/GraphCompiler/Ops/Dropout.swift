import LoopIR

/// Dropout. The equation is that of inference; training multiplies by a random mask.
struct Dropout: UnaryOp {
  static let name = "dropout"
  static let summary = "x; in training, x * mask / (1 - rate) with a random mask (Srivastava et al. 2014)"
  static let fields: [Field<Self>] = [
    .field("rate", \.rate, "probability that an element is dropped in training")
  ]
  static let onnx: [ONNXRule] = [ONNXRule("Dropout", readONNX)]
  static let examples = ["dropout(f32[2, 3, 4])", "dropout(f32[2, 3], rate: 0.2)"]

  var rate = 0.5

  func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType {
    guard rate >= 0, rate < 1 else {
      throw OpError("'rate' must be at least 0 and below 1, found \(rate)", at: .field("rate"))
    }
    return try Self.requireSame(operands, in: Self.domain)
  }

  var keepsRowMajorOrder: Bool { true }

  func value(_ x: Scalar) -> Scalar { x }

  /// The second result says which elements stay: of the data's type before operator set 10.
  private static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    let x = try call.input(0)
    var op = Self()
    op.rate = try rate(call)
    call.ignore("seed")
    if try isTraining(call) { throw call.unsupported("dropout in training mode") }
    let y = try call.apply(op, x)
    guard call.isUsed(1) else { return [y] }
    var everywhere = Expand()
    everywhere.shape = call.shape(x)
    let yes = call.scalar(1, call.opset < 10 ? call.type(x).element : .bool)
    return [y, try call.apply(everywhere, yes)]
  }

  private static func rate(_ call: ONNXCall) throws(OpError) -> Double {
    call.opset < 12 ? try call.float("ratio", default: 0.5) : call.constantScalar(1) ?? 0.5
  }

  private static func isTraining(_ call: ONNXCall) throws(OpError) -> Bool {
    switch call.opset {
    case ..<7:
      if call.opset < 6 { call.ignore("consumed_inputs") }
      return try !call.bool("is_test", default: false)
    case 7..<12: return false
    default: return try call.shapeData(2, "training_mode")?.doubles.first ?? 0 != 0
    }
  }
}
