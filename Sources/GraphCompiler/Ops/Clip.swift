import LoopIR

/// Clipping by branches rather than `min` and `max`, so that the slope at a bound is 1.
struct Clip: UnaryOp {
  static let name = "clip"
  static let summary = "min where x < min, max where x > max, else x"
  static let fields: [Field<Self>] = [
    .field("min", \.min, "the least result"),
    .field("max", \.max, "the largest result"),
  ]
  static let domain = ElementDomain.number
  static let onnx: [ONNXRule] = [ONNXRule("Clip", readONNX)]
  static let examples = [
    "clip(f32[2, 3, 4, 5], min: 0, max: 6)", "clip(f32[2, 3], max: 1)", "clip(i32[5], min: -1)",
  ]

  var min = -Double.infinity
  var max = Double.infinity

  init() {}

  init(min: Double = -.infinity, max: Double = .infinity) { (self.min, self.max) = (min, max) }

  func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType {
    guard min <= max else { throw OpError("'min' \(min) is above 'max' \(max)", at: .field("min")) }
    let element = try Self.requireSame(operands, in: Self.domain)
    guard let bounds = element.integerBounds else { return element }
    for (name, bound) in [("min", min), ("max", max)] where bound.isFinite {
      guard bounds.contains(bound), bound == bound.rounded() else {
        throw OpError("expected a number of type \(element) for '\(name)', found \(bound)", at: .field(name))
      }
    }
    return element
  }

  func value(_ x: Scalar) -> Scalar {
    let below = max == .infinity ? x : select(.constant(max) .< x, .constant(max), x)
    return min == -.infinity ? below : select(x .< .constant(min), .constant(min), below)
  }

  /// Bounds are attributes in old operator sets, inputs in new ones. Bounds in the wrong order all become the
  /// maximum. Between 0 and 6 it is what frameworks write for relu6, whose gradients are those of relu6.
  private static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    let x = try call.input(0)
    var op = Self()
    if call.opset < 11 {
      if call.opset < 6 { call.ignore("consumed_inputs") }
      op.min = try call.float("min", default: -.infinity)
      op.max = try call.float("max", default: .infinity)
    }
    let areKnown = [1, 2].allSatisfy { call.optional($0) == nil || call.constantScalar($0) != nil }
    if areKnown {
      op.min = call.constantScalar(1) ?? op.min
      op.max = call.constantScalar(2) ?? op.max
      if op.min == 0, op.max == 6 { return [try call.apply(Relu6(), x)] }
      if op.min <= op.max { return [try call.apply(op, x)] }
    }
    return [try clipped(x, try bound(1, op.min, call), try bound(2, op.max, call), call)]
  }

  private static func bound(_ place: Int, _ number: Double, _ call: ONNXCall) throws(OpError) -> Value? {
    if let value = call.optional(place) { return try call.reshaped(value, []) }
    return number.isInfinite ? nil : call.scalar(number, call.type(try call.input(0)).element)
  }

  /// Branches again, for bounds that are known only when the network runs.
  private static func clipped(
    _ x: Value, _ min: Value?, _ max: Value?, _ call: ONNXCall
  ) throws(OpError) -> Value {
    var y = x
    if let min { y = try call.apply(Where(), try call.apply(Less(), y, min), min, y) }
    if let max { y = try call.apply(Where(), try call.apply(Less(), max, y), max, y) }
    return y
  }
}

extension Clip {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let bounds = [min, max].map { $0.isInfinite ? nil : call.scalar($0, call.types[0].element) }
    call.finish("Clip", [call.operands[0]] + bounds)
    return true
  }
}
