import LoopIR

struct ReduceMax: ExtremePullback {
  static let name = "reduce_max"
  static let summary = "largest element over axes"
  static let reduction = Reduction.maximum

  var axes: [Int] = []
  var keep = true
}
