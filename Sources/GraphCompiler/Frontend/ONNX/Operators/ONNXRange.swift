import LoopIR

/// `start + k * delta` up to a limit, which must be known at compile time.
enum ONNXRange: ONNXOperatorFamily {
  static let rules = [ONNXRule("Range") { [try range($0)] }]

  private static func range(_ call: ONNXCall) throws -> Value {
    let (start, delta) = (try call.input(0), try call.input(2))
    let numbers = [try number(call, 0, "start"), try number(call, 1, "limit"), try number(call, 2, "delta")]
    let element = call.type(start).element
    let count = ((numbers[1] - numbers[0]) / numbers[2]).rounded(.up)
    guard numbers[2] != 0, !count.isNaN else { throw OpError("a range from \(numbers[0]) in steps of \(numbers[2])") }
    guard let extent = Int(exactly: max(0, count)), extent <= TensorType.byteLimit else {
      throw OpError("a range of \(count) numbers is too large")
    }
    let counted = element.isFloatingPoint ? element : .i64
    let position = try call.cast(try call.apply(Iota(shape: [extent], axis: 0, type: counted)), to: element)
    let distance = try call.apply(Mul(), position, try call.reshaped(delta, []))
    return try call.apply(Add(), distance, try call.reshaped(start, []))
  }

  /// One of the three numbers, the elements of which are a tensor of rank 0 or [1].
  private static func number(_ call: ONNXCall, _ place: Int, _ name: String) throws(OpError) -> Double {
    guard let data = try call.shapeData(place, name) else { throw OpError("'\(name)' is missing") }
    guard data.type.count == 1 else { throw OpError("expected one number as '\(name)', found \(data.type)") }
    return data.doubles[0]
  }
}
