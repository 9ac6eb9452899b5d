import LoopIR

/// Quantization to 8 bits with a scale and a zero point that the data decides.
enum ONNXDynamicQuantization: ONNXOperatorFamily {
  static let rules = [ONNXRule("DynamicQuantizeLinear", read)]

  private static func read(_ call: ONNXCall) throws -> [Value?] {
    let x = try call.input(0)
    let element = call.type(x).element
    let zero = call.scalar(0, element)
    let least = try call.apply(Min(), try call.apply(ReduceMin(keep: false), x), zero)
    let largest = try call.apply(Max(), try call.apply(ReduceMax(keep: false), x), zero)
    let range = try call.apply(Sub(), largest, least)
    let scale = try call.apply(Div(), range, call.scalar(255, element))
    let position = try call.apply(Sub(), zero, try call.apply(Div(), least, scale))
    let rounded = try call.apply(Round(), try call.apply(Clip(min: 0, max: 255), position))
    let zeroPoint = try call.apply(Cast(to: .u8), rounded)
    return [try call.apply(Quantize(), x, scale, zeroPoint), scale, zeroPoint]
  }
}
