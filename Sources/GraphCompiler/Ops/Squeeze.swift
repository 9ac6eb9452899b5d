import LoopIR

struct Squeeze: ReshapingOp {
  static let name = "squeeze"
  static let summary = "x without axes of extent 1"
  static let fields: [Field<Self>] = [.field("axes", \.axes, "the axes to drop; none given: all of extent 1")]
  static let onnx: [ONNXRule] = [
    ONNXRule("Squeeze") { call in
      let axes = try call.intsFrom(input: 1, orAttribute: "axes") ?? []
      return [try call.apply(Self(axes: axes), try call.input(0))]
    }
  ]
  static let examples = ["squeeze(f32[1, 3, 1])", "squeeze(f32[1, 3, 1], axes: -1)", "squeeze(f32[2, 3])"]

  var axes: [Int] = []

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let x = operands[0]
    axes =
      axes.isEmpty
      ? x.shape.indices.filter { x.shape[$0] == 1 } : try AxisAttribute.resolve(axes, rank: x.rank)
  }

  func resultShape(_ x: TensorType) throws(OpError) -> [Int] {
    for axis in axes where x.shape[axis] != 1 {
      throw OpError(
        "axis \(axis) of \(x) has extent \(x.shape[axis]), expected 1", at: .field("axes"),
        help: "only axes of extent 1 can be dropped; use reshape to merge others")
    }
    return x.shape.indices.filter { !axes.contains($0) }.map { x.shape[$0] }
  }
}

extension Squeeze {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    if axes.isEmpty {
      call.finish("Identity")
    } else {
      call.finish("Squeeze", [call.operands[0], call.ints(axes)])
    }
    return true
  }
}
