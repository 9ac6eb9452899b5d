import LoopIR

extension Pad {
  static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    let x = try call.input(0)
    var op = Self()
    op.pads = try margins(call, rank: call.rank(x))
    switch try call.string("mode", default: "constant") {
    case "constant": return [try padded(x, op, call)]
    case "reflect": op.mode = .reflect
    case "edge": op.mode = .replicate
    case "wrap": op.mode = .circular
    case let other: throw OpError("attribute 'mode' is '\(other)', which is not a way to pad")
    }
    return [try call.apply(op, x)]
  }

  /// The margins of all axes: all befores, then all afters.
  private static func margins(_ call: ONNXCall, rank: Int) throws(OpError) -> [Int] {
    let name = call.opset < 2 ? "paddings" : "pads"
    guard let pads = try call.opset < 11 ? call.attributeInts(name) : call.shapeInts(1, "pads") else {
      throw OpError("'\(name)' is missing")
    }
    guard let axes = try call.shapeInts(3, "axes") else { return pads }
    guard pads.count == 2 * axes.count else {
      throw OpError("'pads' has \(pads.count) numbers for \(axes.count) axes")
    }
    var result = [Int](repeating: 0, count: 2 * rank)
    for (place, axis) in axes.enumerated() {
      let axis = try AxisAttribute.resolve(axis, rank: rank, field: "axes")
      (result[axis], result[rank + axis]) = (pads[place], pads[axes.count + place])
    }
    return result
  }

  /// A constant that is known only when the network runs is chosen wherever there is no element.
  private static func padded(_ x: Value, _ op: Pad, _ call: ONNXCall) throws(OpError) -> Value {
    var op = op
    if call.opset < 11 { op.value = try call.float("value", default: 0) }
    if let number = call.constantScalar(2) { op.value = number }
    if op.value != 0 { op.mode = .constant }
    let y = try call.apply(op, x)
    guard let constant = call.optional(2), call.constantScalar(2) == nil else { return y }
    op.mode = .zeros
    let isElement = try call.apply(op, try call.expanded(call.scalar(1, .bool), call.shape(x)))
    return try call.apply(Where(), isElement, y, try call.reshaped(constant, []))
  }
}
