import LoopIR

/// Products of quantized tensors: the zero points are subtracted, sums are taken in 32-bit integers, exactly.
enum ONNXIntegerProducts: ONNXOperatorFamily {
  static let rules = [
    ONNXRule("ConvInteger") { call in
      [try convolution(call, Places(x: 0, xZero: 2, w: 1, wZero: 3, bias: nil))]
    },
    ONNXRule("MatMulInteger") { call in [try product(call, Places(x: 0, xZero: 2, w: 1, wZero: 3, bias: nil))]
    },
    ONNXRule("QLinearConv") { call in
      let places = Places(x: 0, xZero: 2, w: 3, wZero: 5, bias: 8)
      let sums = try convolution(call, places)
      let factor = try alongAxis(1, of: call.rank(sums), try call.input(4), call)
      return [try quantized(sums, try call.input(1), factor, call)]
    },
    ONNXRule("QLinearMatMul") { call in
      let sums = try product(call, Places(x: 0, xZero: 2, w: 3, wZero: 5, bias: nil))
      return [
        try quantized(sums, try rows(try call.input(1), of: call.rank(sums), call), try call.input(4), call)
      ]
    },
  ]

  /// Where an operator has its inputs.
  private struct Places {
    var x: Int
    var xZero: Int
    var w: Int
    var wZero: Int
    var bias: Int?
  }

  private static func convolution(_ call: ONNXCall, _ places: Places) throws(OpError) -> Value {
    let (x, w) = (try call.input(places.x), try call.input(places.w))
    try call.requireKernelShape(of: w)
    var op = Conv()
    try op.adoptAttributes(of: call)
    op.pad = try call.padding(
      input: call.spatialShape(x), kernel: call.spatialShape(w), stride: op.stride, dilation: op.dilation)
    let wZero = try call.optional(places.wZero).map { zero throws(OpError) in
      try alongAxis(0, of: call.rank(w), zero, call)
    }
    let operands = [
      try centered(x, call.optional(places.xZero), call), try centered(w, wZero, call),
    ]
    return try call.applyAll(op, operands + (places.bias.flatMap { call.optional($0) }.map { [$0] } ?? []))[0]
  }

  private static func product(_ call: ONNXCall, _ places: Places) throws(OpError) -> Value {
    let (x, w) = (try call.input(places.x), try call.input(places.w))
    let xZero = try call.optional(places.xZero).map { zero throws(OpError) in
      try rows(zero, of: call.rank(x), call)
    }
    return try call.apply(
      Matmul(), try centered(x, xZero, call), try centered(w, call.optional(places.wZero), call))
  }

  /// `x - zero` in 32-bit integers.
  private static func centered(_ x: Value, _ zero: Value?, _ call: ONNXCall) throws(OpError) -> Value {
    let type = call.type(x)
    guard type.element == .u8 || type.element == .i8 else {
      throw call.unsupported("expected integers of 8 bits, found \(type)")
    }
    let number = try call.apply(Cast(to: .i32), x)
    guard let zero else { return number }
    let shift = try call.apply(Sub(), number, try call.apply(Cast(to: .i32), zero))
    guard call.type(shift).shape == type.shape else {
      throw OpError("the zero point \(call.type(zero)) does not fit \(type)")
    }
    return shift
  }

  /// One number for each position of an axis as a tensor that broadcasts along it; other shapes as they are.
  private static func alongAxis(
    _ axis: Int, of rank: Int, _ value: Value, _ call: ONNXCall
  ) throws(OpError) -> Value {
    guard call.rank(value) == 1, rank > axis + 1 else { return value }
    return try call.apply(Unsqueeze(axes: Array(1..<rank - axis)), value)
  }

  /// One number for each row of a matrix.
  private static func rows(_ value: Value, of rank: Int, _ call: ONNXCall) throws(OpError) -> Value {
    try alongAxis(max(rank - 2, 0), of: rank, value, call)
  }

  /// The real numbers that the sums stand for, quantized with the scale and zero point of the result.
  private static func quantized(
    _ sums: Value, _ xScale: Value, _ wScale: Value, _ call: ONNXCall
  ) throws(OpError) -> Value {
    let factor = try call.apply(Mul(), xScale, wScale)
    let numbers = try call.apply(Mul(), try call.apply(Cast(to: call.type(factor).element), sums), factor)
    guard call.shape(numbers) == call.shape(sums) else {
      throw OpError("scales \(call.type(xScale)) and \(call.type(wScale)) do not fit \(call.type(sums))")
    }
    guard call.type(try call.input(6)).count == 1 else {
      throw call.unsupported("expected one scale for the result, found \(call.type(try call.input(6)))")
    }
    return try call.apply(Quantize(), numbers, try call.input(6), try call.input(7))
  }
}
