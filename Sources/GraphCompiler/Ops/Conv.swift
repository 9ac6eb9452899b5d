import LoopIR

/// Convolution (cross-correlation) over one, two or three spatial axes.
struct Conv: PrimitiveOp, LayerOp {
  static let name = "conv"
  static let summary =
    "y[n,o,i,j] = b[o] + sum(c,p,q) x[n, c, i*stride + p*dilation - pad, …] * w[o,c,p,q] (LeCun et al. 1998)"
  static let operands = [Operand("x"), Operand("w"), Operand("b", .optional)]
  static let fields: [Field<Self>] = [
    .field("stride", \.stride, "step of the window, one number or one per axis", onnx: "strides"),
    .field("pad", \.pad, "numbers (all befores, then all afters), \"same\" or \"valid\""),
    .field("dilation", \.dilation, "distance between the window's taps", onnx: "dilations"),
    .field("groups", \.groups, "independent groups of channels; as many as channels: depthwise", onnx: "group"),
    .field("pad_mode", \.padMode, "what lies beyond the edge"),
    .field("pad_value", \.padValue, "the constant of pad_mode \"constant\""),
  ]
  static let onnx: [ONNXRule] = [
    reads("Conv") { op, call in
      let (x, w) = (try call.input(0), try call.input(1))
      try call.requireKernelShape(of: w)
      op.pad = try call.padding(
        input: call.spatialShape(x), kernel: call.spatialShape(w), stride: op.stride, dilation: op.dilation)
    }
  ]
  static let layerArguments = [
    LayerArgument("channels", "number of filters"),
    LayerArgument("kernel", "size of the window, one number or one per axis"),
    LayerArgument("bias", default: .bool(true), "add a bias per filter"),
  ]
  static let examples = [
    "conv(f32[1, 2, 5, 5], f32[3, 2, 3, 3], f32[3], pad: 1)",
    "conv(f32[2, 4, 9], f32[6, 2, 3], groups: 2, stride: 2)",
    "conv(f32[1, 2, 4, 5, 6], f32[3, 2, 2, 3, 2], dilation: [1, 1, 2], pad: [0, 1, 1, 0, 1, 0])",
    "conv(f32[1, 3, 7, 8], f32[3, 1, 3, 3], f32[3], groups: 3, pad: \"same\", stride: 2)",
    "conv(f32[1, 2, 5, 6], f32[4, 2, 3, 3], pad: 1, pad_mode: \"reflect\")",
    "conv(f32[1, 2, 5, 6], f32[4, 2, 3, 3], pad: 1, pad_mode: \"circular\")",
    "conv(f32[1, 2, 5, 6], f32[4, 2, 3, 3], pad: 2, pad_mode: \"replicate\")",
    "conv(f32[1, 2, 5, 6], f32[4, 2, 3, 3], pad: 1, pad_mode: \"constant\", pad_value: 0.5)",
  ]

  var stride = [1]
  var pad = Padding.numbers([0])
  var dilation = [1]
  var groups = 1
  var padMode = PadMode.zeros
  var padValue = 0.0

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let window = try window(operands)
    (stride, pad, dilation) = (window.stride, window.padding, window.dilation)
  }

  private func window(_ operands: [TensorType]) throws(OpError) -> Window {
    let (x, w) = (operands[0], operands[1])
    let input = try Self.requireSpatial(x)
    guard w.rank == x.rank else {
      throw OpError("weight \(w) and input \(x) differ in rank", at: .operand(1))
    }
    return try Window(
      input: input, kernel: Array(w.shape[2...]), stride: stride, padding: pad, dilation: dilation)
  }

  func remarks(_ operands: [TensorType]) -> [String] {
    (try? window(operands))?.remarks(Array(operands[0].shape[2...])) ?? []
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, w) = (operands[0], operands[1])
    let window = try window(operands)
    _ = try Self.requireSame(operands, in: .number)
    let filters = w.shape[0]
    guard groups >= 1, filters >= 1, filters.isMultiple(of: groups) else {
      throw OpError(
        "the \(filters) filters of weight \(w) do not divide into \(groups) groups", at: .field("groups"))
    }
    guard x.shape[1] == w.shape[1] * groups else {
      throw OpError(
        "input \(x) has \(x.shape[1]) channels, weight \(w) with groups: \(groups) wants "
          + "\(w.shape[1]) * \(groups)",
        at: .operand(1))
    }
    if operands.count == 3 {
      try Self.requireShape(operands[2], [filters], operand: 2, for: "weight \(w)")
    }
    try padMode.check(window, input: Array(x.shape[2...]))
    return [TensorType(x.element, [x.shape[0], w.shape[0]] + (try window.outputShape(Array(x.shape[2...]))))]
  }

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    let x = given[0]
    try Self.requireFloat(x)
    let input = try Self.requireSpatial(x)
    let channels = try arguments.count("channels")
    let kernel = try Window.spread(try arguments.value("kernel"), input.count, "kernel", atLeast: 1)
    guard groups >= 1, x.shape[1].isMultiple(of: groups) else {
      throw OpError("\(x.shape[1]) input channels do not divide into \(groups) groups", at: .field("groups"))
    }
    let weight = TensorType(x.element, [channels, x.shape[1] / groups] + kernel)
    let bias = ImpliedParameter("bias", TensorType(x.element, [channels]), .zeros)
    return [ImpliedParameter("weight", weight, .heNormal)] + (try arguments.value("bias") ? [bias] : [])
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, w, y) = (operands[0], operands[1], results[0])
    let types = operands.map { TensorType($0) }
    let window = Self.typed { () throws(OpError) -> Window in try self.window(types) }
    let (n, o) = (Axis("n", y.shape[0]), Axis("o", y.shape[1]))
    let spatial = Window.spatialAxes(Array(y.shape[2...]))
    let c = Axis("c", w.shape[1])
    let taps = Window.kernelAxes(window.kernel)
    let positions = (0..<window.rank).map { window.position(spatial[$0], taps[$0], $0) }
    let group = o.index.dividedRoundingDown(by: y.shape[1] / groups)
    let channel = groups == 1 ? c.index : group * w.shape[1] + c
    let pixel = padMode.read(x, [n.index, channel], positions, constant: padValue, isPadded: window.isPadded)
    let weight = w[[o, c] + taps]
    let sum = reduce(.sum, [c] + taps, pixel * weight)
    let value = operands.count == 3 ? sum + operands[2][[o]] : sum
    return [Equation(y, [n, o] + spatial, value)]
  }
}

extension Conv {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    guard call.types[0].element.isFloatingPoint else { return false }
    var (inputs, pads) = (call.operands, pad.explicit)
    if padMode != .zeros, pads.contains(where: { $0 > 0 }) {
      let margins = [0, 0] + pads[..<stride.count] + [0, 0] + pads[stride.count...]
      inputs[0] = call.padded(inputs[0], margins, padMode, padValue)
      pads = pads.map { _ in 0 }
    }
    let kernel = Array(call.types[1].shape[2...])
    let geometry = [("kernel_shape", kernel.attribute), ("pads", pads.attribute)]
    call.finish("Conv", inputs, list: onnxAttributes + geometry)
    return true
  }
}
