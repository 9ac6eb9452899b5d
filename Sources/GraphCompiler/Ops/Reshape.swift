import LoopIR

struct Reshape: ReshapingOp {
  static let name = "reshape"
  static let summary = "the elements in row-major order under another shape"
  static let fields: [Field<Self>] = [
    .field("shape", \.shape, "the extents; 0 copies that of the operand, one -1 is worked out"),
    .field("allow_zero", \.allowZero, "0 means an extent of 0"),
  ]
  static let onnx: [ONNXRule] = [
    ONNXRule("Reshape") { call in
      guard let shape = try call.intsFrom(input: 1, orAttribute: "shape") else {
        throw OpError("the shape is missing")
      }
      var op = Self()
      op.shape = shape
      op.allowZero = try call.bool("allowzero", default: false)
      return [try call.apply(op, try call.input(0))]
    }
  ]
  static let examples = [
    "reshape(f32[2, 3, 4], shape: [6, 4])", "reshape(f32[2, 3, 4], shape: [0, -1])",
    "reshape(f32[2, 6], shape: [2, 2, 3])", "reshape(f32[1, 1], shape: [])",
  ]

  var shape: [Int] = []
  var allowZero = false

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let x = operands[0]
    var extents = shape
    for (axis, extent) in shape.enumerated() where extent == 0 && !allowZero {
      guard axis < x.rank else {
        throw OpError("a 0 at place \(axis) of \(shape) has no axis of \(x) to copy", at: .field("shape"))
      }
      extents[axis] = x.shape[axis]
    }
    let unknown = extents.indices.filter { extents[$0] == -1 }
    guard unknown.count <= 1, extents.allSatisfy({ $0 >= -1 }) else {
      throw OpError(
        "expected extents with at most one -1, found \(shape)", at: .field("shape"),
        help: "-1 stands for the one extent that the others determine")
    }
    if let place = unknown.first { extents[place] = try inferred(extents, x) }
    shape = extents
    // Without an extent of 0 it says nothing.
    if !extents.contains(0) { allowZero = false }
  }

  private func inferred(_ extents: [Int], _ x: TensorType) throws(OpError) -> Int {
    guard let known = TensorType.count(of: extents.filter { $0 != -1 }) else { throw mismatch(x, "too many") }
    guard known > 0, x.count.isMultiple(of: known) else {
      throw OpError(
        "\(x.count) elements of \(x) do not divide into \(known) for shape \(shape)", at: .field("shape"))
    }
    return x.count / known
  }

  func resultShape(_ x: TensorType) throws(OpError) -> [Int] {
    let count = TensorType.count(of: shape)
    guard count == x.count else { throw mismatch(x, count.map(String.init) ?? "too many") }
    return shape
  }

  private func mismatch(_ x: TensorType, _ count: String) -> OpError {
    OpError(
      "shape \(shape) has \(count) elements, the operand \(x) has \(x.count)", at: .field("shape"),
      help: "put -1 in place of one extent to have it worked out")
  }
}

extension Reshape {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("Reshape", [call.operands[0], call.ints(shape)], ["allowzero": .bool(shape.contains(0))])
    return true
  }
}
