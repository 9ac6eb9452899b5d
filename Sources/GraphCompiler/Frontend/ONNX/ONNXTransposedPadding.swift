extension ConvTranspose {
  /// Padding as numbers, as given or as worked out from the size of the result: what the full result has more than that
  /// is cut off, the odd row before ("SAME_UPPER": behind); what it has less is added behind.
  mutating func adoptPadding(of call: ONNXCall) throws(OpError) {
    let (x, w) = (try call.input(0), try call.input(1))
    let input = call.spatialShape(x)
    guard call.rank(w) == call.rank(x) else {
      throw OpError("weight \(call.type(w)) and input \(call.type(x)) differ in rank")
    }
    let (words, pads) = (try call.string("auto_pad", default: "NOTSET"), try call.attributeInts("pads"))
    var wanted = try call.attributeInts("output_shape")
    if let shape = wanted, shape.count == input.count + 2 { wanted = Array(shape[2...]) }
    let steps = try Window.spread(stride, input.count, "strides", atLeast: 1)
    if wanted == nil {
      switch words {
      case "SAME_UPPER", "SAME_LOWER": wanted = zip(input, steps).map { $0 * $1 }
      case "VALID": return pad = .valid
      case "NOTSET", "": return pad = .numbers(pads ?? [0])
      default: throw OpError("attribute 'auto_pad' is '\(words)', which is not a way to pad")
      }
    }
    guard let wanted, wanted.count == input.count else {
      throw OpError("'output_shape' does not have \(input.count) extents")
    }
    let window = try Window(
      input: input, kernel: call.spatialShape(w), stride: steps, padding: .valid, dilation: dilation)
    try fit(window, input, wanted, oddBefore: words != "SAME_UPPER")
  }

  private mutating func fit(_ window: Window, _ input: [Int], _ wanted: [Int], oddBefore: Bool) throws(OpError) {
    var extra = try Window.spread(outputPad, input.count, "output_padding", atLeast: 0)
    var (before, after): ([Int], [Int]) = ([], [])
    for axis in input.indices {
      let full = (input[axis] - 1) * window.stride[axis] + window.span(axis) + extra[axis]
      guard (1...Window.attributeLimit).contains(wanted[axis]) else {
        throw OpError("'output_shape' must be at least 1 and at most \(Window.attributeLimit), found \(wanted)")
      }
      let total = max(0, full - wanted[axis])
      before.append(oddBefore ? total - total / 2 : total / 2)
      after.append(total - before[axis])
      extra[axis] += max(0, wanted[axis] - full)
    }
    (stride, outputPad, pad) = (window.stride, extra, .numbers(before + after))
  }
}
