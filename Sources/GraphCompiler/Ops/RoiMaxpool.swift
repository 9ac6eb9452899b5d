import LoopIR

/// Maximum over each bin of each region, bins rounded out to whole pixels. A region is `(image, x1, y1, x2, y2)`; a bin
/// without pixels yields 0.
struct RoiMaxpool: PrimitiveOp {
  static let name = "roi_maxpool"
  static let summary = "the maximum of each of height*width bins of each region of x (Girshick 2015)"
  static let operands = [Operand("x"), Operand("regions")]
  static let fields: [Field<Self>] = [
    .field("height", \.height, "rows of bins"), .field("width", \.width, "columns of bins"),
    .field("scale", \.scale, "from the regions' pixels to those of x", onnx: "spatial_scale"),
  ]
  static let onnx: [ONNXRule] = [
    reads("MaxRoiPool") { op, call in
      guard let shape = try call.attributeInts("pooled_shape"), shape.count == 2 else {
        throw OpError("expected two extents as 'pooled_shape'")
      }
      (op.height, op.width) = (shape[0], shape[1])
    }
  ]
  static let examples = ["roi_maxpool(f32[2, 1, 4, 5], f32[3, 5], height: 2, width: 2, scale: 0.5)"]

  var height = 1
  var width = 1
  var scale = 1.0

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, regions) = (operands[0], operands[1])
    _ = try Self.requireSpatial(x, axes: 2...2)
    _ = try Self.requireSame(operands, in: .floating)
    guard regions.rank == 2, regions.shape[1] == 5 else {
      throw OpError("expected regions [count, 5], found \(regions)", at: .operand(1))
    }
    for (name, number) in [("height", height), ("width", width)] {
      guard (1...Window.attributeLimit).contains(number) else {
        throw OpError("'\(name)' must be at least 1, found \(number)", at: .field(name))
      }
    }
    try Self.requireFinite(scale, field: "scale")
    return [TensorType(x.element, [regions.shape[0], x.shape[1], height, width])]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, regions) = (operands[0], operands[1])
    let axes = Equation.axes(["r", "c", "i", "j"], results[0].shape)
    let (p, q) = (Axis("p", x.shape[2]), Axis("q", x.shape[3]))
    let image = Index.value(regions[[axes[0].index, .constant(0)]])
    let isInside = Scalar.binary(.and, isIn(p, regions, axes[0], 2, axes[2]), isIn(q, regions, axes[0], 1, axes[3]))
    let pixel = select(isInside, x[[image, axes[1].index, p.index, q.index], outside: 0], .constant(-.infinity))
    let largest = reduce(.maximum, [p, q], pixel)
    return [Equation(results[0], axes, select(largest .== .constant(-.infinity), 0, largest))]
  }

  /// Whether a pixel's row or column lies in a bin; `side` is the column of the region's start.
  private func isIn(_ pixel: Axis, _ regions: Tensor, _ region: Axis, _ side: Int, _ bin: Axis) -> Scalar {
    let start = corner(regions, region, side)
    let extent = max(corner(regions, region, side + 2) - start + 1, 1)
    let step = extent / .constant(Double(bin.extent))
    let first = Scalar.unary(.floor, .index(bin.index) * step) + start
    let end = Scalar.unary(.ceil, .index(bin + 1) * step) + start
    return .binary(.and, first .<= .index(pixel.index), .index(pixel.index) .< end)
  }

  /// A corner of the region in pixels of x, halves away from 0.
  private func corner(_ regions: Tensor, _ region: Axis, _ side: Int) -> Scalar {
    .unary(.floor, regions[[region.index, .constant(side)]] * .constant(scale) + 0.5)
  }
}

extension RoiMaxpool {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("MaxRoiPool", list: onnxAttributes + [("pooled_shape", [height, width].attribute)])
    return true
  }
}
