import LoopIR

struct GlobalMaxpool: GlobalPoolOp {
  static let name = "global_maxpool"
  static let summary = "maximum over all pixels of a channel, spatial axes kept with extent 1"
  static let onnx: [ONNXRule] = [reads("GlobalMaxPool")]
  static let reduction = Reduction.maximum

  func finish(_ total: Scalar, count: Int) -> Scalar { total }
}
