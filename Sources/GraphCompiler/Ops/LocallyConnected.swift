import LoopIR

/// Convolution with weights of its own at every position: local receptive fields, nothing shared.
struct LocallyConnected: PrimitiveOp, LayerOp {
  static let name = "locally_connected"
  static let summary =
    "y[n,o,i,j] = b[o,i,j] + sum(c,p,q) x[n, c, i*stride + p - pad, …] * w[o,c,i,j,p,q] (LeCun 1989)"
  static let operands = [Operand("x"), Operand("w"), Operand("b", .optional)]
  static let fields: [Field<Self>] = [
    .field("stride", \.stride, "step of the window, one number or one per axis"),
    .field("pad", \.pad, "numbers (all befores, then all afters), \"same\" or \"valid\""),
  ]
  static let layerArguments = [
    LayerArgument("channels", "number of channels of the result"),
    LayerArgument("kernel", "size of the window, one number or one per axis"),
    LayerArgument("bias", default: .bool(true), "add a bias per output"),
  ]
  static let examples = [
    "locally_connected(f32[1, 2, 4, 5], f32[3, 2, 3, 4, 2, 2], f32[3, 3, 4])",
    "locally_connected(f32[2, 2, 7], f32[3, 2, 4, 3], stride: 2, pad: 1)",
    "locally_connected(f32[1, 1, 4, 4], f32[2, 1, 3, 4, 2, 2], pad: [0, 1, 0, 0])",
  ]

  var stride = [1]
  var pad = Padding.numbers([0])

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let window = try window(operands)
    (stride, pad) = (window.stride, window.padding)
  }

  private func window(_ operands: [TensorType]) throws(OpError) -> Window {
    let (x, w) = (operands[0], operands[1])
    let input = try Self.requireSpatial(x)
    guard w.rank == 2 + 2 * input.count else {
      throw OpError(
        "expected weight [channels, \(x.shape[1]), positions…, kernel…] of rank \(2 + 2 * input.count) "
          + "for input \(x), found \(w)", at: .operand(1))
    }
    return try Window(
      input: input, kernel: w.shape.suffix(input.count), stride: stride, padding: pad, dilation: [1])
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, w) = (operands[0], operands[1])
    let window = try window(operands)
    _ = try Self.requireSame(operands, in: .floating)
    let output = try window.outputShape(Array(x.shape[2...]))
    let expected = [w.shape[0], x.shape[1]] + output + window.kernel
    try Self.requireShape(
      w, expected, operand: 1, for: "input \(x), stride \(window.stride) and this padding")
    if operands.count == 3 {
      try Self.requireShape(operands[2], [w.shape[0]] + output, operand: 2, for: "weight \(w)")
    }
    return [TensorType(x.element, [x.shape[0], w.shape[0]] + output)]
  }

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    let x = given[0]
    let input = try Self.requireSpatial(x)
    let channels = try arguments.count("channels")
    let window = try Window(
      input: input, kernel: try arguments.value("kernel"), stride: stride, padding: pad, dilation: [1])
    let output = try window.outputShape(input)
    let weight = TensorType(x.element, [channels, x.shape[1]] + output + window.kernel)
    let terms = window.kernel.reduce(Double(max(1, x.shape[1]))) { $0 * Double($1) }
    let bias = ImpliedParameter("bias", TensorType(x.element, [channels] + output), .zeros)
    return [ImpliedParameter("weight", weight, .he(fanIn: terms))]
      + (try arguments.value("bias") ? [bias] : [])
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, w, y) = (operands[0], operands[1], results[0])
    let types = operands.map { TensorType($0) }
    let window = Self.typed { () throws(OpError) -> Window in try self.window(types) }
    let (n, o, c) = (Axis("n", y.shape[0]), Axis("o", y.shape[1]), Axis("c", x.shape[1]))
    let spatial = Window.spatialAxes(Array(y.shape[2...]))
    let taps = Window.kernelAxes(window.kernel)
    let positions = (0..<window.rank).map { window.position(spatial[$0], taps[$0], $0) }
    let pixel = PadMode.zeros.read(x, [n.index, c.index], positions, constant: 0, isPadded: window.isPadded)
    let sum = reduce(.sum, [c] + taps, pixel * w[[o, c] + spatial + taps])
    return [Equation(y, [n, o] + spatial, operands.count == 3 ? sum + operands[2][[o] + spatial] : sum)]
  }
}
