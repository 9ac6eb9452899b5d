import LoopIR

/// `alpha * A' * B' + beta * C`: a fully connected layer, or a product with factors.
enum ONNXGemm: ONNXOperatorFamily {
  static let rules = [ONNXRule("Gemm", read)]

  private static func read(_ call: ONNXCall) throws -> [Value?] {
    let (alpha, beta) = (try call.float("alpha", default: 1), try call.float("beta", default: 1))
    let transposesA = try call.bool("transA", default: false)
    let transposesB = try call.bool("transB", default: false)
    if call.opset < 7 { call.ignore("broadcast") }
    var a = try call.input(0)
    let (b, c) = (try call.input(1), call.optional(2))
    guard call.rank(a) == 2, call.rank(b) == 2 else {
      throw OpError("expected matrices, found \(call.type(a)) and \(call.type(b))")
    }
    if transposesA { a = try call.apply(Transpose(), a) }
    let outputs = call.shape(b)[transposesB ? 0 : 1]
    let isBias = c.map { call.shape($0) == [outputs] && beta == 1 } ?? true
    if alpha == 1, isBias, let weight = try outputsFirst(b, transposesB, call) {
      return [try call.applyAll(Fc(), [a, weight] + (c.map { [$0] } ?? []))[0]]
    }
    var product = try call.apply(Matmul(), a, transposesB ? try call.apply(Transpose(), b) : b)
    let element = call.type(product).element
    if alpha != 1 { product = try call.apply(Mul(), product, call.scalar(alpha, element)) }
    guard let c, beta != 0 else { return [product] }
    let summand = beta == 1 ? c : try call.apply(Mul(), c, call.scalar(beta, element))
    return [try call.apply(Add(), product, summand)]
  }

  /// The weight as `fc` has it, `[outputs, features]`; nil where it would have to be turned when the network runs.
  private static func outputsFirst(_ b: Value, _ isTransposed: Bool, _ call: ONNXCall) throws -> Value? {
    isTransposed ? b : nil
  }
}
