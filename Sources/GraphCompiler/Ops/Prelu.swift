import LoopIR

/// The parametric rectifier: the slope below zero is learned, one for each channel (axis 1) or one for all.
struct Prelu: PrimitiveOp, LayerOp {
  static let name = "prelu"
  static let summary = "x where x > 0, else slope * x (He et al. 2015)"
  static let operands = [Operand("x"), Operand("slope")]
  static let layerArguments: [LayerArgument] = []
  static let onnx: [ONNXRule] = [ONNXRule("PRelu", readONNX)]
  static let examples = [
    "prelu(f32[2, 3, 4, 5], f32[3])", "prelu(f32[2, 3], f32[3])", "prelu(f32[2, 3, 4], f32[1])",
  ]

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    let x = given[0]
    try Self.requireChannels(x)
    return [ImpliedParameter("slope", TensorType(x.element, [x.shape[1]]), .constant(0.25))]
  }

  private static func requireChannels(_ x: TensorType) throws(OpError) {
    guard x.rank >= 2 else { throw OpError("'prelu' takes [N, C, …], found \(x)", at: .operand(0)) }
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, slope) = (operands[0], operands[1])
    _ = try Self.requireSame(operands, in: .floating)
    try Self.requireChannels(x)
    guard slope.rank == 1, slope.shape[0] == x.shape[1] || slope.shape[0] == 1 else {
      throw OpError("expected slope [\(x.shape[1])] or [1] for \(x), found \(slope)", at: .operand(1))
    }
    return [x]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, slope, y) = (operands[0], operands[1], results[0])
    let axes = Equation.axes(of: y)
    let channel = slope.shape[0] == 1 ? .constant(0) : axes[1].index
    let element = x[axes]
    return [Equation(y, axes, select(0 .< element, element, slope[[channel]] * element))]
  }

  /// Slopes that are neither one for each channel nor one for all are branches.
  private static func readONNX(_ call: ONNXCall) throws -> [Value?] {
    let (x, slope) = (try call.input(0), try call.input(1))
    let (type, slopes) = (call.type(x), call.type(slope))
    if type.rank >= 2, type.element.isFloatingPoint {
      let channels = slopes.count == 1 ? 1 : type.shape[1]
      let perChannel = [channels] + type.shape[2...].map { _ in 1 }
      let aligned = slopes.shape.drop { $0 == 1 }
      if slopes.count == 1 || aligned.elementsEqual(perChannel) || call.opset < 7 && slopes.shape == [channels] {
        return [try call.apply(Self(), x, try call.reshaped(slope, [channels]))]
      }
    }
    let isPositive = try call.apply(Less(), call.scalar(0, type.element), x)
    return [try call.apply(Where(), isPositive, x, try call.apply(Mul(), slope, x))]
  }
}

extension Prelu {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    let (x, slope) = (call.types[0], call.types[1])
    let column = slope.shape + x.shape[2...].map { _ in 1 }
    call.finish("PRelu", [call.operands[0], call.node("Reshape", [call.operands[1], call.ints(column)])])
    return true
  }
}
