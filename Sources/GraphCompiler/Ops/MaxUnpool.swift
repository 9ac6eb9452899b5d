import LoopIR

/// Puts every maximum back where `maxpool_indices` found it; everything else is 0.
///
/// Indices count the result's H*W plane; one outside of it puts nothing. Where two windows found the same
/// place, the later element stays.
struct MaxUnpool: PrimitiveOp {
  static let name = "max_unpool"
  static let summary = "zeros, but y[n, c, indices[n,c,i,j]] = x[n,c,i,j] (Zeiler & Fergus 2014)"
  static let operands = [Operand("x"), Operand("indices")]
  static let fields: [Field<Self>] = [
    .field("kernel", \.kernel, "the pooling's window, one number or one per axis", onnx: "kernel_shape"),
    .field("stride", \.stride, "the pooling's step; none given: the kernel's size", onnx: "strides"),
    .field("pad", \.pad, "the pooling's padding, as numbers"),
    .field(
      "output_size", \.outputSize,
      "spatial extents of the result; none given: (n - 1)*stride + kernel - padding"),
  ]
  static let onnx: [ONNXRule] = [ONNXRule("MaxUnpool", readONNX)]
  static let examples = [
    "max_unpool(f32[1, 2, 2, 3], i64[1, 2, 2, 3], kernel: 2)",
    "max_unpool(f32[1, 1, 2, 2], i32[1, 1, 2, 2], kernel: 2, output_size: [5, 4])",
    "max_unpool(f32[2, 1, 5], i64[2, 1, 5], kernel: 3, stride: 2, pad: 1)",
    "max_unpool(f32[1, 1, 1, 2, 2], i64[1, 1, 1, 2, 2], kernel: 2)",
  ]

  var kernel: [Int] = []
  var stride: [Int] = []
  var pad = Padding.numbers([0])
  var outputSize: [Int] = []

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let input = try Self.requireSpatial(operands[0])
    guard !kernel.isEmpty else {
      throw OpError(
        "'kernel' is missing", at: .field("kernel"), help: "give that of the pooling, as in 'kernel: 2'")
    }
    guard pad != .same else {
      throw OpError("'max_unpool' takes numbers for 'pad'", at: .field("pad"), help: "give 'output_size' too")
    }
    let window = try Window(
      input: input, kernel: kernel, stride: stride.isEmpty ? kernel : stride, padding: pad, dilation: [1])
    (kernel, stride, pad) = (window.kernel, window.stride, window.padding)
    if outputSize.isEmpty {
      outputSize = (0..<window.rank).map { axis in
        let full = (input[axis] - 1) * window.stride[axis] + window.kernel[axis]
        return full - window.before[axis] - window.after[axis]
      }
    }
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, indices) = (operands[0], operands[1])
    try Self.requireFloat(x)
    guard indices.element == .i64 || indices.element == .i32 else {
      throw OpError(
        "expected indices i64\(x.shape), found \(indices)", at: .operand(1), help: "use maxpool_indices")
    }
    try Self.requireShape(indices, x.shape, operand: 1, for: "input \(x)")
    guard outputSize.count == x.rank - 2, outputSize.allSatisfy({ $0 >= 1 }) else {
      throw OpError(
        "expected \(x.rank - 2) positive extents for the result of \(x), found \(outputSize)",
        at: .field("output_size"))
    }
    return [TensorType(x.element, x.shape[..<2] + outputSize)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, y) = (operands[0], results[0])
    let axes = Equation.axes(of: x)
    let place = Index.value(operands[1][axes])
    let target = axes[..<2].map(\.index) + RowMajor.indices(of: place, shape: Array(y.shape[2...]))
    return [Equation(y, axes, x[axes], scatter: Scatter(target: target, initial: 0))]
  }

  /// Indices count the whole result there.
  private static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    var op = Self()
    try op.adoptAttributes(of: call)
    if op.stride.isEmpty { op.stride = [1] }
    op.pad = .numbers(try call.attributeInts("pads") ?? [0])
    let (x, indices) = (try call.input(0), try call.input(1))
    if let shape = try call.shapeInts(2, "output_shape") { op.outputSize = Array(shape.dropFirst(2)) }
    try op.resolve([call.type(x), call.type(indices)])
    let starts = try call.planeStarts(call.shape(x).prefix(2) + op.outputSize)
    return [try call.apply(op, x, try call.apply(Sub(), indices, starts))]
  }
}

extension MaxUnpool {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let shape = call.types[0].shape[..<2] + outputSize
    let places = call.node("Add", [call.operands(longAt: 1)[1], call.planeStarts(Array(shape))])
    let pads = (kernel + kernel).indices.map { pad.explicit.indices.contains($0) ? pad.explicit[$0] : 0 }
    let inputs = [call.operands[0], places, call.ints(Array(shape))]
    call.finish("MaxUnpool", inputs, list: onnxAttributes + [("pads", pads.attribute)])
    return true
  }
}
