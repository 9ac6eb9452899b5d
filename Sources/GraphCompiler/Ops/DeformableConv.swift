import LoopIR

/// Convolution whose taps are moved by offsets that the network computes; pixels between the grid are
/// bilinear, what lies outside of the input is 0.
///
/// `offset` has 2 channels for each group and tap, first the move along rows, then along columns: channel
/// `2 * (group * taps + tap)` and the next. With `mask`, every tap is weighted too (Zhu et al. 2019).
struct DeformableConv: PrimitiveOp, LayerOp {
  static let name = "deformable_conv"
  static let summary =
    "y = b[o] + sum(c,p,q) x[n, c, i*stride + p*dilation - pad + offset, …] * w[o,c,p,q] (Dai et al. 2017)"
  static let operands = [
    Operand("x"), Operand("offset"), Operand("w"), Operand("b", .optional), Operand("mask", .optional),
  ]
  static let fields: [Field<Self>] = [
    .field("stride", \.stride, "step of the window, one number or one per axis", onnx: "strides"),
    .field("pad", \.pad, "numbers (all befores, then all afters), \"same\" or \"valid\""),
    .field("dilation", \.dilation, "distance between the window's taps", onnx: "dilations"),
    .field("groups", \.groups, "independent groups of channels", onnx: "group"),
    .field(
      "offset_groups", \.offsetGroups, "groups of input channels with offsets of their own", onnx: "offset_group"),
  ]
  static let onnx: [ONNXRule] = [ONNXRule("DeformConv", readONNX)]
  static let givenCount = 2
  static let layerArguments = [
    LayerArgument("channels", "number of filters"),
    LayerArgument("kernel", "size of the window, one number or one per axis"),
    LayerArgument("bias", default: .bool(true), "add a bias per filter"),
  ]
  static let examples = [
    "deformable_conv(f32[1, 2, 4, 5], f32[1, 8, 3, 4], f32[3, 2, 2, 2], f32[3])",
    "deformable_conv(f32[1, 4, 5, 5], f32[1, 36, 3, 3], f32[2, 2, 3, 3], groups: 2, offset_groups: 2, "
      + "stride: 2, pad: 1)",
    "deformable_conv(f32[1, 1, 5, 5], f32[1, 8, 3, 3], f32[1, 1, 2, 2], f32[1], f32[1, 4, 3, 3], "
      + "dilation: 2)",
  ]

  var stride = [1]
  var pad = Padding.numbers([0])
  var dilation = [1]
  var groups = 1
  var offsetGroups = 1

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let window = try window(operands)
    (stride, pad, dilation) = (window.stride, window.padding, window.dilation)
  }

  private func window(_ operands: [TensorType]) throws(OpError) -> Window {
    let (x, w) = (operands[0], operands[2])
    let input = try Self.requireSpatial(x, axes: 2...2)
    guard w.rank == 4 else {
      throw OpError("expected weight of rank 4 for input \(x), found \(w)", at: .operand(2))
    }
    return try Window(
      input: input, kernel: Array(w.shape[2...]), stride: stride, padding: pad, dilation: dilation)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, w) = (operands[0], operands[2])
    let window = try window(operands)
    _ = try Self.requireSame(operands, in: .floating)
    let filters = w.shape[0]
    guard groups >= 1, filters >= 1, filters.isMultiple(of: groups), x.shape[1] == w.shape[1] * groups else {
      throw OpError(
        "expected weight [filters, \(x.shape[1]) / groups, kernel…] with groups: \(groups) for input \(x), "
          + "found \(w)",
        at: .operand(2))
    }
    guard offsetGroups >= 1, x.shape[1] >= 1, x.shape[1].isMultiple(of: offsetGroups) else {
      throw OpError(
        "\(x.shape[1]) input channels do not divide into \(offsetGroups) groups", at: .field("offset_groups"))
    }
    let output = try window.outputShape(Array(x.shape[2...]))
    let moves = window.kernel[0] * window.kernel[1] * offsetGroups
    let (batch, reason) = (x.shape[0], "input \(x), weight \(w) and offset_groups: \(offsetGroups)")
    try Self.requireShape(operands[1], [batch, 2 * moves] + output, operand: 1, for: reason)
    if operands.count > 3 { try Self.requireShape(operands[3], [filters], operand: 3, for: "weight \(w)") }
    if operands.count > 4 {
      try Self.requireShape(operands[4], [batch, moves] + output, operand: 4, for: reason)
    }
    return [TensorType(x.element, [batch, filters] + output)]
  }

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    var conv = Conv()
    conv.groups = groups
    return try conv.impliedParameters(given, arguments)
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, w, y) = (operands[0], operands[2], results[0])
    let types = operands.map { TensorType($0) }
    let window = Self.typed { () throws(OpError) -> Window in try self.window(types) }
    let axes = Equation.axes(["n", "o", "i", "j"], y.shape)
    let (c, taps) = (Axis("c", w.shape[1]), Window.kernelAxes(window.kernel))
    let channel = axes[1].index.dividedRoundingDown(by: w.shape[0] / groups) * w.shape[1] + c
    let offsetGroup = channel.dividedRoundingDown(by: x.shape[1] / offsetGroups)
    let move = (offsetGroup * window.kernel[0] + taps[0]) * window.kernel[1] + taps[1]
    let places = (0..<2).map { axis in
      Scalar.index(window.position(axes[axis + 2], taps[axis], axis))
        + operands[1][[axes[0].index, move * 2 + axis, axes[2].index, axes[3].index]]
    }
    let pixel = bilinear(x, [axes[0].index, channel], places)
    let mask = operands.count > 4 ? operands[4][[axes[0].index, move, axes[2].index, axes[3].index]] : nil
    let weight = w[[axes[1], c] + taps]
    let sum = reduce(.sum, [c] + taps, (mask.map { $0 * pixel } ?? pixel) * weight)
    return [Equation(y, axes, operands.count > 3 ? sum + operands[3][[axes[1]]] : sum)]
  }

  /// The mean of the four pixels around a place, each weighted by its nearness along both axes.
  private func bilinear(_ x: Tensor, _ leading: [Index], _ places: [Scalar]) -> Scalar {
    let lows = places.map { Scalar.unary(.floor, $0) }
    func pixel(_ row: Double, _ column: Double) -> Scalar {
      let corner = zip(lows, [row, column]).map { Index.value($0 + .constant($1)) }
      return x[leading + corner, outside: 0]
    }
    let (down, right) = (places[0] - lows[0], places[1] - lows[1])
    let top = (1 - right) * pixel(0, 0) + right * pixel(0, 1)
    let bottom = (1 - right) * pixel(1, 0) + right * pixel(1, 1)
    return (1 - down) * top + down * bottom
  }

  /// The weight comes before the offsets there.
  private static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    var op = Self()
    try op.adoptAttributes(of: call)
    let (x, w) = (try call.input(0), try call.input(1))
    try call.requireKernelShape(of: w)
    op.pad = .numbers(try call.attributeInts("pads") ?? [0])
    var operands = [x, try call.input(2), w]
    let (bias, mask) = (call.optional(3), call.optional(4))
    if let bias {
      operands.append(bias)
    } else if mask != nil {
      let type = TensorType(call.type(w).element, [call.shape(w).first ?? 0])
      operands.append(call.constant(TensorData(type, doubles: [Double](repeating: 0, count: type.count))))
    }
    return try call.applyAll(op, operands + (mask.map { [$0] } ?? []))
  }
}

extension DeformableConv {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let inputs = [call.operands[0], call.operands[2], call.operands[1]] + call.operands.dropFirst(3)
    let kernel = Array(call.types[2].shape[2...])
    let attributes = onnxAttributes + [("kernel_shape", kernel.attribute), ("pads", pad.explicit.attribute)]
    call.finish("DeformConv", inputs, list: attributes, since: 19)
    return true
  }
}
