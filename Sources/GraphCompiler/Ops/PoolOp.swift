import LoopIR

/// Pooling: every window of every channel becomes one element.
package protocol PoolOp: Op {
  var kernel: [Int] { get set }
  /// None given: the kernel's extents, so that windows tile the input.
  var stride: [Int] { get set }
  var pad: Padding { get set }

  /// The window for a spatial extent, with everything written out.
  func window(_ input: [Int]) throws(OpError) -> Window
  /// Takes over what the window has written out.
  mutating func adopt(_ window: Window)
}

/// Pooling whose windows may have gaps and may hang over the end of the input.
package protocol DilatedPoolOp: PoolOp {
  var dilation: [Int] { get set }
  /// Rounds the number of windows up.
  var ceil: Bool { get set }
}

extension PoolOp {
  package static var operands: [Operand] { [Operand("x")] }

  package static var windowFields: [Field<Self>] {
    [
      .field("kernel", \.kernel, "size of the window, one number or one per axis", onnx: "kernel_shape"),
      .field("stride", \.stride, "step of the window; none given: the kernel's size", onnx: "strides"),
      .field("pad", \.pad, "numbers (all befores, then all afters), \"same\" or \"valid\""),
    ]
  }

  package func window(_ input: [Int]) throws(OpError) -> Window {
    try window(input, dilation: [1], ceil: false)
  }

  package mutating func adopt(_ window: Window) {
    (kernel, stride, pad) = (window.kernel, window.stride, window.padding)
  }

  package mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    adopt(try window(Self.requireSpatial(operands[0])))
  }

  package func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try Self.requireFloat(operands[0])
    return [try pooledType(operands[0])]
  }

  package func remarks(_ operands: [TensorType]) -> [String] {
    let input = Array(operands[0].shape[2...])
    return (try? window(input))?.remarks(input) ?? []
  }

  /// The operand's type with the spatial extents of the result.
  package func pooledType(_ x: TensorType) throws(OpError) -> TensorType {
    let input = try Self.requireSpatial(x)
    return TensorType(x.element, x.shape[..<2] + (try window(input).outputShape(input)))
  }

  /// Every window must see a pixel of the input, so padding stays smaller than the window.
  fileprivate func window(_ input: [Int], dilation: [Int], ceil: Bool) throws(OpError) -> Window {
    guard !kernel.isEmpty else {
      throw OpError("'kernel' is missing", at: .field("kernel"), help: "give it, as in '\(Self.name)(2)'")
    }
    let window = try Window(
      input: input, kernel: kernel, stride: stride.isEmpty ? kernel : stride, padding: pad,
      dilation: dilation,
      ceil: ceil)
    for axis in 0..<window.rank {
      guard input[axis] >= 1 else {
        throw OpError("'\(Self.name)' finds no pixels along spatial axis \(axis)", at: .operand(0))
      }
      let padding = max(window.before[axis], window.after[axis])
      guard padding < window.span(axis) else {
        throw OpError(
          "padding of \(padding) along spatial axis \(axis) leaves windows of \(window.span(axis)) empty",
          at: .field("pad"), help: "pad by less than the window's size")
      }
      guard window.before[axis] == 0 || window.dilation[axis] <= input[axis] else {
        throw OpError(
          "the gaps of dilation \(window.dilation[axis]) hold the whole input of \(input[axis]) "
            + "along spatial axis \(axis)", at: .field("dilation"))
      }
    }
    return window
  }
}

extension DilatedPoolOp {
  package static var dilatedWindowFields: [Field<Self>] {
    windowFields + [
      .field("dilation", \.dilation, "distance between the window's taps", onnx: "dilations"),
      .field(
        "ceil", \.ceil,
        "round the number of windows up; a window that would start behind the input is dropped",
        onnx: "ceil_mode"),
    ]
  }

  package func window(_ input: [Int]) throws(OpError) -> Window {
    try window(input, dilation: dilation, ceil: ceil)
  }

  package mutating func adopt(_ window: Window) {
    (kernel, stride, pad, dilation) = (window.kernel, window.stride, window.padding, window.dilation)
  }

  /// What ONNX says in another way: padding, and a stride of 1 where none is given.
  mutating func adoptWindow(of call: ONNXCall) throws(OpError) {
    if stride.isEmpty { stride = [1] }
    pad = try call.padding(
      input: call.spatialShape(try call.input(0)), kernel: kernel, stride: stride, dilation: dilation)
  }

  /// Another pooling with the window of this one, for bodies.
  func sameWindow<Other: DilatedPoolOp>(as other: Other) -> Other {
    var other = other
    (other.kernel, other.stride, other.pad) = (kernel, stride, pad)
    (other.dilation, other.ceil) = (dilation, ceil)
    return other
  }
}

/// The axes of a pooling equation, and where its windows look.
struct PoolAxes {
  var window: Window
  var leading: [Axis]
  var spatial: [Axis]
  var taps: [Axis]
  private let x: Tensor

  init(_ op: some PoolOp, _ x: Tensor, _ y: Tensor) {
    self.x = x
    window = type(of: op).typed { () throws(OpError) in try op.window(Array(x.shape[2...])) }
    leading = Equation.axes(["n", "c"], y.shape)
    spatial = Window.spatialAxes(Array(y.shape[2...]))
    taps = Window.kernelAxes(window.kernel)
  }

  var result: [Axis] { leading + spatial }

  /// Where each window looks along each spatial axis.
  var positions: [Index] {
    (0..<window.rank).map { window.position(spatial[$0], taps[$0], $0) }
  }

  /// The number of a tap in the row-major order of the window.
  var tapNumber: Index { RowMajor.place(of: taps.map(\.index), shape: taps.map(\.extent)) }

  /// The least number of a pixel in each window that equals its maximum `y`: the first of equal ones, if pixels are
  /// numbered in row-major order.
  /// - Parameter none: the number for a window that holds no `y`, as where it has a NaN.
  func firstMaximum(_ y: Tensor, as number: Index, none: Int, _ result: Tensor) -> Equation {
    let none = Scalar.constant(Double(none))
    let found = select(pixel(outside: 0) .== y[self.result], .index(number), none)
    let value = zip(positions, x.shape[2...]).reduce(found) { value, axis in
      axis.0.isInside(axis.1).map { select($0, value, none) } ?? value
    }
    return Equation(result, self.result, reduce(.minimum, taps, value))
  }

  /// The pixel under a tap of the window, or the number that stands for one outside of the input.
  func pixel(outside: Double) -> Scalar {
    let indices = leading.map(\.index) + positions
    return window.isPadded ? x[indices, outside: outside] : x[indices]
  }
}

extension DilatedPoolOp {
  /// The shape of what belongs to each window of `x`, for operands `x` and `y`, its maxima.
  func pooledShape(_ operands: [TensorType]) throws(OpError) -> [Int] {
    try Self.require(.number, operands[0])
    _ = try Self.requireSame(operands.map(\.element))
    let pooled = try pooledType(operands[0])
    try Self.requireShape(operands[1], pooled.shape, operand: 1, for: "input \(operands[0])")
    return pooled.shape
  }

  /// The window as ONNX's attributes.
  ///
  /// Readers differ in whether they drop a window that would start behind the input, as `ceil` does. Where one is
  /// dropped, rounding down says the same, with more padding behind the axes that gain a window.
  /// - Parameter countsPadding: whether more padding would change the results.
  func onnxWindow(_ x: TensorType, countsPadding: Bool = false) -> [(String, Attribute)] {
    let input = Array(x.shape[2...])
    var (rounded, pads) = (self, pad.explicit)
    if ceil, let window = try? window(input), let output = try? window.outputShape(input) {
      let rest = input.indices.map { axis in
        (output[axis] - 1) * window.stride[axis] + window.span(axis) - input[axis] - pads[axis]
      }
      let isDropped = input.indices.contains { axis in
        input[axis] + pads[axis] + pads[axis + window.rank] - window.span(axis)
          > (output[axis] - 1) * window.stride[axis]
      }
      let gains = input.indices.contains { rest[$0] > pads[$0 + window.rank] }
      if isDropped, !(gains && countsPadding) {
        rounded.ceil = false
        for axis in input.indices { pads[axis + window.rank] = max(pads[axis + window.rank], rest[axis]) }
      }
    }
    return rounded.onnxAttributes + [("pads", pads.attribute)]
  }
}

extension Index {
  /// Whether a position lies in 0..<extent; nil where it always does.
  fileprivate func isInside(_ extent: Int) -> Scalar? {
    if let range, range.lowerBound >= 0, range.upperBound < extent { return nil }
    let isBefore = Scalar.index(self) .< 0
    return .binary(.and, .unary(.not, isBefore), .index(self) .< .constant(Double(extent)))
  }
}
