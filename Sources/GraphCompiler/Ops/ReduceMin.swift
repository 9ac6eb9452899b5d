import LoopIR

struct ReduceMin: ExtremePullback {
  static let name = "reduce_min"
  static let summary = "smallest element over axes"
  static let reduction = Reduction.minimum

  var axes: [Int] = []
  var keep = true
}
