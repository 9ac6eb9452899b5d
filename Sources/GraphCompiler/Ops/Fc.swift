import LoopIR

/// A fully connected layer.
struct Fc: PrimitiveOp, LayerOp {
  static let name = "fc"
  static let summary =
    "y[n,o] = b[o] + sum(c) x[n,c] * w[o,c]: every output sees every feature (Rosenblatt 1958)"
  static let operands = [Operand("x"), Operand("w"), Operand("b", .optional)]
  static let layerArguments = [
    LayerArgument("channels", "number of outputs"),
    LayerArgument("bias", default: .bool(true), "add a bias per output"),
  ]
  static let examples = ["fc(f32[2, 5], f32[3, 5], f32[3])", "fc(f32[1, 4], f32[7, 4])"]

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (x, w) = (operands[0], operands[1])
    let features = try Self.features(x)
    guard w.rank == 2, w.shape[1] == features else {
      throw OpError("expected weight [outputs, \(features)] for input \(x), found \(w)", at: .operand(1))
    }
    _ = try Self.requireSame(operands.map(\.element))
    if operands.count == 3 {
      try Self.requireShape(operands[2], [w.shape[0]], operand: 2, for: "weight \(w)")
    }
    return [TensorType(x.element, [x.shape[0], w.shape[0]])]
  }

  private static func features(_ x: TensorType) throws(OpError) -> Int {
    try requireFloat(x)
    guard x.rank == 2 else {
      throw OpError(
        "'fc' takes [N, features], found \(x)", at: .operand(0),
        help: x.rank > 2 ? "use flatten first: x -> flatten -> fc(…)" : nil)
    }
    return x.shape[1]
  }

  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError)
    -> [ImpliedParameter]
  {
    let features = try Self.features(given[0])
    let channels = try arguments.count("channels")
    let weight = TensorType(given[0].element, [channels, features])
    let bias = ImpliedParameter("bias", TensorType(given[0].element, [channels]), .zeros)
    return [ImpliedParameter("weight", weight, .heNormal)] + (try arguments.value("bias") ? [bias] : [])
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, w, y) = (operands[0], operands[1], results[0])
    let (n, o, c) = (Axis("n", y.shape[0]), Axis("o", y.shape[1]), Axis("c", x.shape[1]))
    let sum = reduce(.sum, [c], x[[n, c]] * w[[o, c]])
    return [Equation(y, [n, o], operands.count == 3 ? sum + operands[2][[o]] : sum)]
  }
}

extension Fc {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    call.finish("Gemm", nil, ["transB": .int(1)])
    return true
  }
}
