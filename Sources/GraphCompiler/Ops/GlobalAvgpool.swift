import LoopIR

struct GlobalAvgpool: GlobalPoolOp {
  static let name = "global_avgpool"
  static let summary = "mean over all pixels of a channel, spatial axes kept with extent 1 (Lin et al. 2013)"
  static let onnx: [ONNXRule] = [reads("GlobalAveragePool")]
  static let reduction = Reduction.sum

  func finish(_ total: Scalar, count: Int) -> Scalar { total / .constant(Double(count)) }
}
