struct Argmin: ArgReductionOp {
  typealias Extreme = ReduceMin

  static let name = "argmin"
  static let summary = "position of the smallest element along an axis, as i64; the first of equal ones"
  static let onnx: [ONNXRule] = [searches("ArgMin")]

  var axis = 1
  var keep = false
  var last = false
}
