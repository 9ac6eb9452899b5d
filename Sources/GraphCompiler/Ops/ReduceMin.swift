import LoopIR

struct ReduceMin: ExtremePullback {
  static let name = "reduce_min"
  static let summary = "smallest element over axes"
  static let onnx: [ONNXRule] = [.reduction("ReduceMin") { Self(axes: $0, keep: $1) }]
  static let domain = ElementDomain.any
  static let reduction = Reduction.minimum

  var axes: [Int] = []
  var keep = true
}
