import LoopIR

/// Transposed convolution: the linear map whose matrix is the transpose of that of `conv` with the same
/// attributes.
///
/// The equation gathers. With stride `s`, output `i` gets something only from the taps `p` for which `i + pad
/// - p` is a multiple of `s`; these are `(i + pad) % s + s*t`, and pixel `(i + pad) / s - t` stands under
/// each of them.
struct ConvTranspose: PrimitiveOp, LayerOp {
  static let name = "conv_transpose"
  static let summary =
    "y[n,o,i,j] = b[o] + sum x[n,c,h,v] * w[c,o,p,q], i = h*stride + p*dilation - pad, … (Zeiler et al. 2010)"
  static let operands = [Operand("x"), Operand("w"), Operand("b", .optional)]
  static let fields: [Field<Self>] = [
    .field(
      "stride", \.stride, "distance of the input's pixels in the result, one number or one per axis",
      onnx: "strides"),
    .field(
      "pad", \.pad, "rows cut off the full result: numbers (befores, then afters), \"same\" or \"valid\""),
    .field("output_pad", \.outputPad, "rows added behind the result", onnx: "output_padding"),
    .field("dilation", \.dilation, "distance between the window's taps", onnx: "dilations"),
    .field("groups", \.groups, "independent groups of channels", onnx: "group"),
  ]
  static let onnx: [ONNXRule] = [
    reads("ConvTranspose") { op, call in
      try call.requireKernelShape(of: try call.input(1))
      try op.adoptPadding(of: call)
    }
  ]
  static let layerArguments = [
    LayerArgument("channels", "number of channels of the result"),
    LayerArgument("kernel", "size of the window, one number or one per axis"),
    LayerArgument("bias", default: .bool(true), "add a bias per channel"),
  ]
  static let examples = [
    "conv_transpose(f32[1, 2, 3, 4], f32[2, 3, 3, 3], f32[3])",
    "conv_transpose(f32[1, 2, 3, 4], f32[2, 3, 3, 3], f32[3], stride: 2, pad: 1, output_pad: 1)",
    "conv_transpose(f32[2, 4, 5], f32[4, 3, 4], groups: 2, stride: 3, pad: [1, 0])",
    "conv_transpose(f32[1, 2, 2, 3, 2], f32[2, 1, 2, 3, 2], stride: [1, 2, 2])",
    "conv_transpose(f32[1, 1, 4, 4], f32[1, 2, 3, 3], stride: 2, dilation: [2, 3])",
    "conv_transpose(f32[1, 1, 4, 4], f32[1, 2, 2, 3], stride: [4, 6], dilation: [6, 4])",
    "conv_transpose(f32[1, 2, 3, 3], f32[2, 2, 3, 2], stride: [2, 3], pad: \"same\")",
  ]

  var stride = [1]
  var pad = Padding.numbers([0])
  var outputPad = [0]
  var dilation = [1]
  var groups = 1

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let window: Window
    (window, outputPad) = try geometry(operands)
    (stride, pad, dilation) = (window.stride, window.padding, window.dilation)
  }

  private func geometry(_ operands: [TensorType]) throws(OpError) -> (Window, outputPad: [Int]) {
    let (x, w) = (operands[0], operands[1])
    let input = try Self.requireSpatial(x)
    guard w.rank == x.rank else {
      throw OpError("weight \(w) and input \(x) differ in rank", at: .operand(1))
    }
    let kernel = Array(w.shape[2...])
    var window = try Window(input: input, kernel: kernel, stride: stride, padding: .valid, dilation: dilation)
    var extra = try Window.spread(outputPad, input.count, "output_pad", atLeast: 0)
    if pad == .same {
      guard extra.allSatisfy({ $0 == 0 }) else {
        throw OpError("pad: \"same\" leaves no room for 'output_pad'", at: .field("output_pad"))
      }
      let result = zip(input, window.stride).map { $0 * $1 }
      window = try Window(input: result, kernel: kernel, stride: stride, padding: .same, dilation: dilation)
      extra = (0..<window.rank).map { max(0, window.stride[$0] - window.span($0)) }
    } else {
      window = try Window(input: input, kernel: kernel, stride: stride, padding: pad, dilation: dilation)
    }
    return (window, extra)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, w) = (operands[0], operands[1])
    let (window, extra) = try geometry(operands)
    _ = try Self.requireSame(operands, in: .floating)
    guard groups >= 1, x.shape[1] == w.shape[0], x.shape[1] >= 1, x.shape[1].isMultiple(of: groups) else {
      throw OpError(
        "expected weight [\(x.shape[1]), channels / groups, kernel…] for input \(x) with groups: \(groups), "
          + "found \(w)",
        at: .operand(1))
    }
    let (channels, overflow) = w.shape[1].multipliedReportingOverflow(by: groups)
    guard !overflow, channels >= 1 else { throw OpError("weight \(w) makes no channels", at: .operand(1)) }
    if operands.count == 3 {
      try Self.requireShape(operands[2], [channels], operand: 2, for: "weight \(w) with groups: \(groups)")
    }
    return [TensorType(x.element, [x.shape[0], channels] + (try outputShape(x, window, extra)))]
  }

  private func outputShape(_ x: TensorType, _ window: Window, _ extra: [Int]) throws(OpError) -> [Int] {
    var result: [Int] = []
    for axis in 0..<window.rank {
      let most = max(window.stride[axis], window.dilation[axis]) - 1
      guard extra[axis] <= most else {
        throw OpError(
          "'output_pad' must be below stride \(window.stride[axis]) or dilation \(window.dilation[axis]), "
            + "found \(extra[axis])", at: .field("output_pad"))
      }
      guard x.shape[axis + 2] >= 1 else {
        throw OpError("'conv_transpose' finds no pixels along spatial axis \(axis) of \(x)", at: .operand(0))
      }
      let full = (x.shape[axis + 2] - 1) * window.stride[axis] + window.span(axis) + extra[axis]
      let extent = full - window.before[axis] - window.after[axis]
      guard extent >= 1 else {
        throw OpError(
          "nothing is left along spatial axis \(axis) of \(x): the full result of \(full) loses "
            + "\(window.before[axis]) + \(window.after[axis])", at: .field("pad"), help: "pad less")
      }
      result.append(extent)
    }
    return result
  }

  /// The spread of the weights follows the number of terms that meet in one output: with stride 2, a quarter
  /// of the taps.
  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    let x = given[0]
    let input = try Self.requireSpatial(x)
    let channels = try arguments.count("channels")
    let kernel = try Window.spread(try arguments.value("kernel"), input.count, "kernel", atLeast: 1)
    let steps = try Window.spread(stride, input.count, "stride", atLeast: 1)
    guard groups >= 1, x.shape[1].isMultiple(of: groups), channels.isMultiple(of: groups) else {
      throw OpError(
        "\(x.shape[1]) input and \(channels) output channels do not divide into \(groups) groups",
        at: .field("groups"))
    }
    let taps = zip(kernel, steps).map { Double(max(1, $0 / $1)) }
    let weight = TensorType(x.element, [x.shape[1], channels / groups] + kernel)
    let terms = taps.reduce(Double(max(1, x.shape[1] / groups))) { $0 * $1 }
    let bias = ImpliedParameter("bias", TensorType(x.element, [channels]), .zeros)
    return [ImpliedParameter("weight", weight, .he(fanIn: terms))]
      + (try arguments.value("bias") ? [bias] : [])
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, w, y) = (operands[0], operands[1], results[0])
    let types = operands.map { TensorType($0) }
    let window = Self.typed { () throws(OpError) in try geometry(types).0 }
    let leading = Equation.axes(["n", "o"], y.shape)
    let spatial = Window.spatialAxes(Array(y.shape[2...]))
    let phases = (0..<window.rank).map { TransposedAxis(window, $0) }
    let taps = Window.kernelAxes(phases.map(\.tapCount))
    let c = Axis("c", w.shape[0] / groups)
    let group = leading[1].index.dividedRoundingDown(by: w.shape[1])
    let channel = group * c.extent + c
    let places = phases.indices.map { phases[$0].tap(spatial[$0], taps[$0]) }
    let pixels = phases.indices.map { phases[$0].pixel(spatial[$0], taps[$0]) }
    let weightIndices = [channel, leading[1].index.remainder(dividingBy: w.shape[1])] + places
    let weight = phases.allSatisfy(\.isEven) ? w[weightIndices] : w[weightIndices, outside: 0]
    let sum = reduce(.sum, [c] + taps, x[[leading[0].index, channel] + pixels, outside: 0] * weight)
    let reached = phases.indices.reduce(sum) { value, axis in
      phases[axis].isReached(spatial[axis]).map { select($0, value, 0) } ?? value
    }
    return [
      Equation(y, leading + spatial, operands.count == 3 ? reached + operands[2][[leading[1]]] : reached)
    ]
  }
}

/// One spatial axis of a transposed convolution: which taps meet which pixels in an output.
///
/// With stride `s` and dilation `d`, pixel `h` and tap `p` meet in output `i` where `i + pad = h*s + p*d`.
/// Both divided by their greatest common divisor `g`: `v = (i + pad) / g` must be whole, and `p` is `v / d`
/// modulo `s`.
private struct TransposedAxis {
  let before: Int
  let kernel: Int
  let common: Int
  let stride: Int
  let dilation: Int

  init(_ window: Window, _ axis: Int) {
    before = window.before[axis]
    kernel = window.kernel[axis]
    common = Self.greatestCommonDivisor(window.stride[axis], window.dilation[axis])
    stride = window.stride[axis] / common
    dilation = window.dilation[axis] / common
  }

  /// Taps that meet a pixel in one output, at most.
  var tapCount: Int { (kernel + stride - 1) / stride }

  /// True where every output has all of them.
  var isEven: Bool { kernel.isMultiple(of: stride) }

  private func place(_ output: Axis) -> Index { (output + before).dividedRoundingDown(by: common) }

  private func firstTap(_ output: Axis) -> Index {
    (place(output) * inverse).remainder(dividingBy: stride)
  }

  func tap(_ output: Axis, _ number: Axis) -> Index { firstTap(output) + number * stride }

  func pixel(_ output: Axis, _ number: Axis) -> Index {
    let start = dilation == 1 ? place(output) : place(output) - firstTap(output) * dilation
    return start.dividedRoundingDown(by: stride) - number * dilation
  }

  /// Whether any tap meets a pixel in the output; nil where that is always so.
  func isReached(_ output: Axis) -> Scalar? {
    common == 1 ? nil : .index((output + before).remainder(dividingBy: common)) .== 0
  }

  /// The number that times the dilation is 1 modulo the stride (extended Euclid).
  private var inverse: Int {
    var (rest, next) = (dilation % stride, stride)
    var (factor, nextFactor) = (1, 0)
    while rest > 1 {
      let quotient = next / rest
      (next, rest) = (rest, next - quotient * rest)
      (nextFactor, factor) = (factor, nextFactor - quotient * factor)
    }
    return factor < 0 ? factor + stride : factor
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }
}

extension ConvTranspose {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    guard call.types[0].element.isFloatingPoint else { return false }
    let kernel = Array(call.types[1].shape[2...])
    let geometry = [("kernel_shape", kernel.attribute), ("pads", pad.explicit.attribute)]
    call.finish("ConvTranspose", list: onnxAttributes + geometry)
    return true
  }
}
