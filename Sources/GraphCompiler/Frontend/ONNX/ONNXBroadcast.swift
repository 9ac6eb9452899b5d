import LoopIR

extension ONNXCall {
  /// The two operands. Before operator set 7 the second one stretches only where `broadcast` says so; its axes may
  /// then stand beside the ones from `axis` on.
  package func broadcastOperands() throws(OpError) -> (Value, Value) {
    let (a, b) = (try input(0), try input(1))
    guard opset < 7 else { return (a, b) }
    ignore("consumed_inputs")
    let stretches = try bool("broadcast", default: false)
    guard let axis = try int("axis"), stretches else { return (a, b) }
    let resolved = try AxisAttribute.resolve(axis, rank: max(1, rank(a)))
    let missing = rank(a) - resolved - rank(b)
    guard missing >= 0 else {
      throw OpError("expected at most \(rank(a) - resolved) axes from axis \(resolved) on, found \(type(b))")
    }
    return (a, missing == 0 ? b : try apply(Unsqueeze(axes: Array(rank(b)..<rank(b) + missing)), b))
  }
}

extension BinaryOp {
  /// A rule for an ONNX operator with the same two operands.
  package static func broadcasts(_ name: String) -> ONNXRule {
    var rule = ONNXRule(name) { call in
      let (a, b) = try call.broadcastOperands()
      return [try call.apply(Self(), a, b)]
    }
    rule.isInvertible = true
    return rule
  }
}
