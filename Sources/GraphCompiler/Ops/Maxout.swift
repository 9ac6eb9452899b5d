import LoopIR

struct Maxout: PrimitiveOp {
  static let name = "maxout"
  static let summary = "y[n,o,i,j] = max(p) x[n, o*pieces + p, i, j] (Goodfellow et al. 2013)"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("pieces", \.pieces, "neighboring channels of which the largest survives")
  ]
  static let examples = ["maxout(f32[1, 6, 2, 3], pieces: 2)", "maxout(f32[2, 6], pieces: 3)"]

  var pieces = 2

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    var type = operands[0]
    try Self.requireFloat(type)
    let channels = try Self.requireChannels(type)
    guard pieces >= 1, channels.isMultiple(of: pieces) else {
      throw OpError(
        "the \(channels) channels of \(type) do not divide into pieces of \(pieces)", at: .field("pieces"))
    }
    type.shape[1] = channels / pieces
    return [type]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    var axes = Equation.axes(of: results[0])
    axes[1].name = "o"
    let piece = Axis("p", pieces)
    var indices = axes.map(\.index)
    indices[1] = axes[1] * pieces + piece
    return [Equation(results[0], axes, reduce(.maximum, [piece], operands[0][indices]))]
  }
}

extension Maxout {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    var shape = call.types[0].shape
    shape[1] /= pieces
    shape.insert(pieces, at: 2)
    let grouped = call.node("Reshape", [call.operands[0], call.ints(shape)], ["allowzero": .int(1)])
    call.finish("ReduceMax", [grouped, call.ints([2])], ["keepdims": .int(0)])
    return true
  }
}
