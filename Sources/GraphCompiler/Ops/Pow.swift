import LoopIR

struct Pow: BinaryOp {
  static let name = "pow"
  static let summary = "a to the power of b, with broadcasting; of integers, toward zero"
  static let onnx: [ONNXRule] = [ONNXRule("Pow") { [try power($0)] }]
  static let domain = ElementDomain.number
  static let examples = ["pow(f32[2, 3], f32[2, 3])", "pow(f32[2, 3, 4], f32[3, 1])", "pow(i32[4], i32[])"]

  func value(_ a: Scalar, _ b: Scalar) -> Scalar { .binary(.power, a, b) }

  /// ONNX's types may differ: the result has that of the base. An integer to the power of a fraction is computed in
  /// double precision.
  private static func power(_ call: ONNXCall) throws -> Value {
    let (a, b) = try call.broadcastOperands()
    let (base, exponent) = (call.type(a).element, call.type(b).element)
    let common = base.isFloatingPoint || !exponent.isFloatingPoint ? base : .f64
    let result = try call.apply(Pow(), try call.cast(a, to: common), try call.cast(b, to: common))
    return try call.cast(result, to: base)
  }
}

extension Pow {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("Pow")
    return true
  }
}
