import LoopIR

struct Unsqueeze: ReshapingOp {
  static let name = "unsqueeze"
  static let summary = "x with new axes of extent 1"
  static let fields: [Field<Self>] = [.field("axes", \.axes, "where the new axes stand in the result")]
  static let onnx: [ONNXRule] = [
    ONNXRule("Unsqueeze") { call in
      let axes = try call.intsFrom(input: 1, orAttribute: "axes") ?? []
      return [try call.apply(axes.isEmpty ? Identity() : Self(axes: axes), try call.input(0))]
    }
  ]
  static let examples = ["unsqueeze(f32[3], axes: [0, 2])", "unsqueeze(f32[2, 3], axes: -1)"]

  var axes: [Int] = []

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    guard !axes.isEmpty else {
      throw OpError("'axes' is missing", at: .field("axes"), help: "give it, as in 'axes: 0'")
    }
    axes = try AxisAttribute.resolve(axes, rank: operands[0].rank + axes.count)
  }

  func resultShape(_ x: TensorType) -> [Int] {
    var shape = x.shape
    for axis in axes { shape.insert(1, at: axis) }
    return shape
  }
}

extension Unsqueeze {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    if axes.isEmpty {
      call.finish("Identity")
    } else {
      call.finish("Unsqueeze", [call.operands[0], call.ints(axes)])
    }
    return true
  }
}
