struct Argmax: ArgReductionOp {
  typealias Extreme = ReduceMax

  static let name = "argmax"
  static let summary = "position of the largest element along an axis, as i64; the first of equal ones"
  static let onnx: [ONNXRule] = [searches("ArgMax")]

  var axis = 1
  var keep = false
  var last = false
}
