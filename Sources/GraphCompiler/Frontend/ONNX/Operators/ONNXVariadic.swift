import LoopIR

/// Sum and mean of any number of tensors, with broadcasting.
enum ONNXVariadic: ONNXOperatorFamily {
  static let rules = [
    ONNXRule("Sum") { [try sum($0)] },
    ONNXRule("Mean") { call in
      let total = try sum(call)
      return [try call.apply(Div(), total, call.scalar(Double(call.inputs.count), call.type(total).element))]
    },
  ]

  private static func sum(_ call: ONNXCall) throws(OpError) -> Value {
    if call.opset < 7 { call.ignore("consumed_inputs") }
    var total = try call.input(0)
    guard call.inputs.count > 1 else { return try call.apply(Identity(), total) }
    for place in 1..<call.inputs.count { total = try call.apply(Add(), total, try call.input(place)) }
    return total
  }
}
