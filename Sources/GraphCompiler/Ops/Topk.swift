import LoopIR

/// Each element's place in the order, then the first `k` of them moved there. NaN counts as larger than all numbers.
struct Topk: CompositeOp {
  static let name = "topk"
  static let summary = "two results: the k largest elements along an axis, in order, and their positions as i64"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("k", \.k, "how many"),
    .field("axis", \.axis, "the axis that is searched", onnx: "axis"),
    .field("largest", \.largest, "the largest ones, not the smallest", onnx: "largest"),
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("TopK") { call in
      var op = Topk()
      op.axis = -1
      try op.adoptAttributes(of: call)
      // An order is as good as none.
      call.ignore("sorted")
      guard let numbers = try call.opset < 10 ? call.int("k").map({ [$0] }) : call.shapeInts(1, "K"), numbers.count == 1
      else { throw OpError("expected one number as 'k'") }
      op.k = numbers[0]
      return try call.applyAll(op, [try call.input(0)])
    }
  ]
  static let examples = [
    "topk(f32[2, 5], k: 3)", "topk(f32[4, 3], k: 2, axis: 0, largest: false)", "topk(i32[6], k: 6, axis: -1)",
  ]

  var k = 1
  var axis = 1
  var largest = true

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axis = try AxisAttribute.resolve(axis, rank: operands[0].rank)
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    try Self.require(.number, x)
    guard (0...x.shape[axis]).contains(k) else {
      throw OpError("'k' must lie in 0...\(x.shape[axis]) for axis \(axis) of \(x), found \(k)", at: .field("k"))
    }
    var shape = x.shape
    shape[axis] = k
    return [TensorType(x.element, shape), TensorType(.i64, shape)]
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let x = operands[0]
    let shape = try resultTypes([b.type(of: x)])[0].shape
    let rank = try b.apply(Ranks(axis: axis, descending: largest), x)
    var counted = [Int](repeating: 1, count: shape.count)
    counted[axis] = b.shape(of: x)[axis]
    let position = try b.apply(Iota(shape: counted, axis: axis, type: .i64))
    let positions = try b.apply(Expand(shape: b.shape(of: x)), position)
    return try [x, positions].map { moved throws(OpError) in
      let empty = try b.apply(Expand(shape: shape), b.scalar(0, b.type(of: moved).element))
      return try b.apply(ScatterElements(axis: axis), empty, rank, moved)
    }
  }
}

extension Topk {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("TopK", [call.operands[0], call.ints([k])], ["axis": .int(axis), "largest": .bool(largest)])
    return true
  }
}
