import LoopIR

struct Tile: PrimitiveOp {
  static let name = "tile"
  static let summary = "x side by side with itself, as often along each axis as 'repeats' says"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [.field("repeats", \.repeats, "how often, one number for each axis")]
  static let onnx: [ONNXRule] = [
    ONNXRule("Tile") { call in
      guard let repeats = try call.shapeInts(1, "repeats") else { throw OpError("'repeats' is missing") }
      return [try call.apply(Self(repeats: repeats), try call.input(0))]
    }
  ]
  static let examples = [
    "tile(f32[2, 3], repeats: [2, 1])", "tile(i32[3], repeats: 3)", "tile(f32[2, 1, 2], repeats: [1, 4, 2])",
  ]

  var repeats: [Int] = []

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    guard repeats.count == x.rank, repeats.allSatisfy({ $0 >= 0 }) else {
      throw OpError("expected \(x.rank) numbers of at least 0 for \(x), found \(repeats)", at: .field("repeats"))
    }
    var shape: [Int] = []
    for (extent, number) in zip(x.shape, repeats) {
      let (product, overflow) = extent.multipliedReportingOverflow(by: number)
      if overflow { throw OpError("\(x) repeated \(repeats) times is too large", at: .field("repeats")) }
      shape.append(product)
    }
    return [TensorType(x.element, shape)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let x = operands[0]
    let axes = Equation.axes(of: results[0])
    let indices = zip(axes, x.shape).map { axis, extent in
      axis.extent == extent ? axis.index : axis.index.remainder(dividingBy: max(1, extent))
    }
    return [Equation(results[0], axes, x[indices])]
  }
}

extension Tile {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("Tile", [call.operands[0], call.ints(repeats)])
    return true
  }
}
