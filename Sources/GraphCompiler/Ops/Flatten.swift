import LoopIR

struct Flatten: ReshapingOp {
  static let name = "flatten"
  static let summary = "all axes before 'axis' become one axis, all others a second one"
  static let fields: [Field<Self>] = [.field("axis", \.axis, "the first axis of the second group", onnx: "axis")]
  static let onnx: [ONNXRule] = [reads("Flatten")]
  static let examples = [
    "flatten(f32[2, 3, 4, 5])", "flatten(f32[2, 3, 4], axis: 2)", "flatten(f32[2, 3], axis: 0)",
  ]

  var axis = 1

  /// An axis just behind the last one is allowed: the second group is then empty.
  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let rank = operands[0].rank
    if axis != rank { axis = try AxisAttribute.resolve(axis, rank: rank) }
  }

  func resultShape(_ x: TensorType) -> [Int] {
    [x.shape[..<axis].reduce(1, *), x.shape[axis...].reduce(1, *)]
  }
}
