import LoopIR

/// The grid of `grid_sample` that an affine map makes: each pixel of the result names its place in the image.
struct AffineGrid: CompositeOp {
  static let name = "affine_grid"
  static let summary = "grid[n,i,j] = theta[n] * (x_j, y_i, 1) with coordinates in -1…1 (Jaderberg et al. 2015)"
  static let operands = [Operand("theta")]
  static let fields: [Field<Self>] = [
    .field("size", \.size, "spatial extents of the grid"),
    .field("align_corners", \.alignCorners, "-1 and 1 are the centers of the corner pixels", onnx: "align_corners"),
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("AffineGrid") { call in
      var op = Self()
      try op.adoptAttributes(of: call)
      op.size = Array((try call.shapeInts(1, "size") ?? []).dropFirst(2))
      return [try call.apply(op, try call.input(0))]
    }
  ]
  static let examples = [
    "affine_grid(f32[2, 2, 3], size: [3, 4])",
    "affine_grid(f32[1, 3, 4], size: [2, 1, 3], align_corners: true)",
  ]

  var size: [Int] = []
  var alignCorners = false

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let theta = operands[0]
    try Self.requireFloat(theta)
    guard (2...3).contains(size.count), size.allSatisfy({ (1...Window.attributeLimit).contains($0) }) else {
      throw OpError("expected the extents of a plane or a volume as 'size', found \(size)", at: .field("size"))
    }
    guard theta.rank == 3, theta.shape[1] == size.count, theta.shape[2] == size.count + 1 else {
      throw OpError("expected theta [N, \(size.count), \(size.count + 1)], found \(theta)", at: .operand(0))
    }
    let type = TensorType(theta.element, [theta.shape[0]] + size + [size.count])
    guard type.isRepresentable else { throw OpError("a grid of \(size) is too large", at: .field("size")) }
    return [type]
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let theta = operands[0]
    let (count, columns) = (size.reduce(1, *), size.count + 1)
    let places = (0..<count).flatMap { homogeneous($0) }
    let type = TensorType(b.type(of: theta).element, [count, columns])
    let base = b.constant(TensorData(type, doubles: places))
    var transpose = Transpose()
    transpose.perm = [0, 2, 1]
    let grid = try b.apply(Matmul(), base, try b.apply(transpose, theta))
    return [try b.apply(Reshape(to: [b.shape(of: theta)[0]] + size + [size.count]), grid)]
  }

  /// The coordinates of a pixel, the last axis first, and 1.
  private func homogeneous(_ pixel: Int) -> [Double] {
    var (rest, result) = (pixel, [Double]())
    for extent in size.reversed() {
      let place = Double(rest % extent)
      rest /= extent
      let last = Double(extent - 1)
      result.append(alignCorners ? (last == 0 ? -1 : 2 * place / last - 1) : (2 * place + 1) / Double(extent) - 1)
    }
    return result + [1]
  }
}
