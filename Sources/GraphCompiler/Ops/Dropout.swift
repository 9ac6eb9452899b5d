import LoopIR

/// Dropout. The equation is that of inference; training multiplies by a random mask.
struct Dropout: UnaryOp, TrainingVariant {
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

  func trainingForm(_ bits: RandomBits) -> TrainingForm? {
    rate == 0 ? nil : TrainingForm(DropoutTraining(rate: rate, bits), countsSteps: true)
  }

  /// The second result says which elements stay.
  private static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    let x = try call.input(0)
    let rate = try rate(call)
    let seed = try call.int("seed") ?? 0
    if try isTraining(call) { return try training(x, seed: seed, call) }
    var op = Self()
    op.rate = rate
    let y = try call.apply(op, x)
    guard call.isUsed(1) else { return [y] }
    return [y, try call.expanded(call.scalar(1, call.maskElement(x)), call.shape(x))]
  }

  /// The mask is what dropout makes of ones.
  private static func training(_ x: Value, seed: Int, _ call: ONNXCall) throws -> [Value?] {
    let rate = call.opset < 12 ? try rate(call) : try call.shapeData(1, "ratio")?.doubles.first ?? 0.5
    let bits = RandomBits(seed: UInt64(bitPattern: Int64(seed)), stream: call.node.outputs.first ?? "")
    let step = call.scalar(0, .i64)
    let op = DropoutTraining(rate: rate, bits)
    let y = try call.apply(op, x, step)
    guard call.isUsed(1) else { return [y] }
    let element = call.type(x).element
    let ones = try call.expanded(call.scalar(1, element), call.shape(x))
    let kept = try call.apply(op, ones, step)
    let mask = try call.apply(NotEqual(), kept, call.scalar(0, element))
    return [y, call.opset < 10 ? try call.apply(Cast(to: element), mask) : mask]
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

extension ONNXCall {
  /// The element type of the mask: that of the data before operator set 10.
  fileprivate func maskElement(_ x: Value) -> ElementType { opset < 10 ? type(x).element : .bool }
}

extension Dropout {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("Dropout", [call.operands[0], call.scalar(rate, .f32)])
    return true
  }
}
