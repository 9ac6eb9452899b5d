import LoopIR

struct ReduceMax: ExtremePullback {
  static let name = "reduce_max"
  static let summary = "largest element over axes"
  static let onnx: [ONNXRule] = [.reduction("ReduceMax") { Self(axes: $0, keep: $1) }]
  static let domain = ElementDomain.any
  static let reduction = Reduction.maximum

  var axes: [Int] = []
  var keep = true
}
