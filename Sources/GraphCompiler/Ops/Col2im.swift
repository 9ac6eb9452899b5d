import LoopIR

/// Adds the columns of windows up to an image: the transpose of cutting an image into windows.
struct Col2im: PrimitiveOp {
  static let name = "col2im"
  static let summary = "y[n, c, i*stride + p*dilation - pad, …] += x[n, c*taps + p, i] for every window i and tap p"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("size", \.size, "spatial extents of the image"),
    .field("kernel", \.kernel, "size of the window, one number or one per axis"),
    .field("stride", \.stride, "step of the window", onnx: "strides"),
    .field("pad", \.pad, "numbers (all befores, then all afters), \"same\" or \"valid\""),
    .field("dilation", \.dilation, "distance between the window's taps", onnx: "dilations"),
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("Col2Im") { call in
      var op = Self()
      try op.adoptAttributes(of: call)
      op.size = try call.shapeInts(1, "image_shape") ?? []
      op.kernel = try call.shapeInts(2, "block_shape") ?? []
      op.pad = .numbers(try call.attributeInts("pads") ?? [0])
      return [try call.apply(op, try call.input(0))]
    }
  ]
  static let examples = [
    "col2im(f32[1, 8, 6], size: [3, 4], kernel: 2)",
    "col2im(f32[2, 3, 5], size: [9], kernel: 3, stride: 2, pad: 1)",
    "col2im(f32[1, 4, 5], size: [6, 6], kernel: 2, dilation: [1, 5])",
  ]

  var size: [Int] = []
  var kernel: [Int] = []
  var stride = [1]
  var pad = Padding.numbers([0])
  var dilation = [1]

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let window = try window()
    (kernel, stride, pad, dilation) = (window.kernel, window.stride, window.padding, window.dilation)
  }

  private func window() throws(OpError) -> Window {
    guard (1...3).contains(size.count), size.allSatisfy({ (1...Window.attributeLimit).contains($0) }) else {
      throw OpError("expected 1 to 3 extents as 'size', found \(size)", at: .field("size"))
    }
    guard !kernel.isEmpty else {
      throw OpError("'kernel' is missing", at: .field("kernel"), help: "give it, as in 'kernel: 2'")
    }
    return try Window(input: size, kernel: kernel, stride: stride, padding: pad, dilation: dilation)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    try Self.require(.number, x)
    let window = try window()
    let blocks = TensorType.count(of: try window.outputShape(size)) ?? 0
    let taps = TensorType.count(of: window.kernel) ?? 0
    guard x.rank == 3, x.shape[2] == blocks, taps >= 1, x.shape[1].isMultiple(of: taps) else {
      throw OpError("expected [N, channels * \(taps), \(blocks)] for size: \(size), found \(x)", at: .operand(0))
    }
    return [TensorType(x.element, [x.shape[0], x.shape[1] / taps] + size)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, y) = (operands[0], results[0])
    let (window, blocks) = Self.typed { () throws(OpError) in
      let window = try self.window()
      return (window, try window.outputShape(size))
    }
    let leading = Equation.axes(["n", "c"], y.shape)
    let (taps, spatial) = (Window.kernelAxes(window.kernel), Window.spatialAxes(blocks))
    let channel = RowMajor.place(of: [leading[1].index] + taps.map(\.index), shape: [y.shape[1]] + window.kernel)
    let block = RowMajor.place(of: spatial.map(\.index), shape: blocks)
    let target = leading.map(\.index) + (0..<window.rank).map { window.position(spatial[$0], taps[$0], $0) }
    let scatter = Scatter(target: target, initial: 0, combine: .sum)
    return [Equation(y, leading + taps + spatial, x[[leading[0].index, channel, block]], scatter: scatter)]
  }
}

extension Col2im {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish(
      "Col2Im", [call.operands[0], call.ints(size), call.ints(kernel)],
      list: onnxAttributes + [("pads", pad.explicit.attribute)])
    return true
  }
}
