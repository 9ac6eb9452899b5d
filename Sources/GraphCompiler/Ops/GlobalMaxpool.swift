import LoopIR

struct GlobalMaxpool: GlobalPoolOp, UnaryPullbackRule {
  static let name = "global_maxpool"
  static let summary = "maximum over all pixels of a channel, spatial axes kept with extent 1"
  static let onnx: [ONNXRule] = [reads("GlobalMaxPool")]
  static let reduction = Reduction.maximum

  func finish(_ total: Scalar, count: Int) -> Scalar { total }

  func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    var pool = Maxpool()
    pool.kernel = Array(b.shape(of: x).dropFirst(2))
    let (resolved, _) = try GraphBuilder.typed(pool, [b.type(of: x)])
    guard let pool = resolved as? Maxpool else { preconditionFailure("a resolved pooling is another operator") }
    return try pool.gradient(&b, x: x, y: y, dy: dy)
  }
}
