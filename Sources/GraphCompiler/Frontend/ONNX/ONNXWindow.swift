extension ONNXCall {
  /// `auto_pad` and `pads` of a convolution or pooling with this input (spatial extents), kernel, stride and dilation.
  package func padding(
    input: [Int], kernel: [Int], stride: [Int], dilation: [Int]
  ) throws(OpError) -> Padding {
    let pads = try attributeInts("pads")
    switch try string("auto_pad", default: "NOTSET") {
    case "NOTSET", "": return .numbers(pads ?? [0])
    case "VALID": return .valid
    case "SAME_UPPER": return .same
    case "SAME_LOWER":
      let window = try Window(input: input, kernel: kernel, stride: stride, padding: .same, dilation: dilation)
      return .numbers(window.after + window.before)
    case let other: throw OpError("attribute 'auto_pad' is '\(other)', which is not a way to pad")
    }
  }

  /// The spatial extents of `[N, C, spatial…]`.
  package func spatialShape(_ value: Value) -> [Int] { Array(shape(value).dropFirst(2)) }

  /// `kernel_shape` of an operator with a weight only repeats the weight's shape.
  package func requireKernelShape(of weight: Value) throws(OpError) {
    guard let kernel = try attributeInts("kernel_shape"), kernel != spatialShape(weight) else { return }
    throw OpError("'kernel_shape' \(kernel) differs from that of the weight, \(type(weight))")
  }
}
