extension Pad {
  /// Margins on both sides, cut off or added, so that the middle stays; the odd one is behind.
  static func readCenterCropPad(_ call: ONNXCall) throws -> [Value?] {
    let x = try call.input(0)
    let shape = call.shape(x)
    guard let wanted = try call.shapeInts(1, "shape") else { throw OpError("input 1 is missing") }
    let axes = try call.attributeInts("axes") ?? Array(shape.indices)
    guard axes.count == wanted.count else {
      throw OpError("'shape' has \(wanted.count) extents for \(axes.count) axes")
    }
    var op = Self()
    op.pads = [Int](repeating: 0, count: 2 * shape.count)
    for (axis, extent) in zip(axes, wanted) {
      let axis = try AxisAttribute.resolve(axis, rank: shape.count, field: "axes")
      guard (0...Window.attributeLimit).contains(extent) else {
        throw OpError("'shape' must lie in 0...\(Window.attributeLimit), found \(wanted)")
      }
      let (added, cut) = (max(0, extent - shape[axis]), max(0, shape[axis] - extent))
      op.pads[axis] = added / 2 - cut / 2
      op.pads[shape.count + axis] = added - added / 2 - (cut - cut / 2)
    }
    return [try call.apply(op, x)]
  }
}
