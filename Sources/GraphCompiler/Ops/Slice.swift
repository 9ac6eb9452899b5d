import LoopIR

/// A range with a step along some axes. Starts and ends count from the end when negative, and are cut to the
/// tensor.
struct Slice: PrimitiveOp {
  static let name = "slice"
  static let summary = "x[start:end:step] along axes, as in NumPy"
  static let operands = [Operand("x")]
  static let fields: [Field<Self>] = [
    .field("starts", \.starts, "first position along each axis"),
    .field("ends", \.ends, "position behind the last one"),
    .field("axes", \.axes, "the axes; none given: the first ones"),
    .field("steps", \.steps, "distance of positions, negative to go backward; none given: 1"),
  ]
  static let onnx: [ONNXRule] = [ONNXRule("Slice") { [try $0.apply(range($0), $0.input(0))] }]
  static let examples = [
    "slice(f32[4, 5], starts: [1, 0], ends: [3, 4])",
    "slice(f32[2, 9], starts: 1, ends: -1, axes: 1, steps: 3)",
    "slice(f32[6], starts: -1, ends: -7, steps: -2)", "slice(i32[6], starts: 4, ends: 2)",
  ]

  var starts: [Int] = []
  var ends: [Int] = []
  var axes: [Int] = []
  var steps: [Int] = []

  mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    let x = operands[0]
    if axes.isEmpty { axes = Array(0..<starts.count) }
    if steps.isEmpty { steps = [Int](repeating: 1, count: starts.count) }
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
      throw OpError(
        "'starts', 'ends', 'axes' and 'steps' differ in length: "
          + "\(starts.count), \(ends.count), \(axes.count), \(steps.count)", at: .field("starts"))
    }
    for (place, axis) in axes.enumerated() {
      axes[place] = try AxisAttribute.resolve(axis, rank: x.rank, field: "axes")
      guard steps[place] != 0 else { throw OpError("'steps' must not be 0", at: .field("steps")) }
      cut(place, extent: x.shape[axes[place]])
    }
    guard Set(axes).count == axes.count else {
      throw OpError("'axes' names an axis twice: \(axes)", at: .field("axes"))
    }
  }

  /// Starts and ends inside the extent. A backward range that includes position 0 ends at `-extent - 1`,
  /// since -1 would count from the end.
  private mutating func cut(_ place: Int, extent: Int) {
    let isForward = steps[place] > 0
    let (least, most) = isForward ? (0, extent) : (-1, extent - 1)
    func position(_ number: Int) -> Int { min(max(number < 0 ? number + extent : number, least), most) }
    starts[place] = position(starts[place])
    ends[place] = position(ends[place])
    if starts[place] < 0 || !isForward && starts[place] <= ends[place] {
      (starts[place], ends[place]) = (0, 0)
    }
    if ends[place] < 0 { ends[place] = -extent - 1 }
    steps[place] = min(max(steps[place], -max(extent, 1)), max(extent, 1))
  }

  /// ONNX cuts a start before the tensor to its first position where it goes backward, which here is nowhere.
  private static func range(_ call: ONNXCall) throws(OpError) -> Slice {
    var op = Slice()
    guard let starts = try call.intsFrom(input: 1, orAttribute: "starts"),
      let ends = try call.intsFrom(input: 2, orAttribute: "ends")
    else { throw OpError("'starts' or 'ends' is missing") }
    (op.starts, op.ends) = (starts, ends)
    op.axes = try call.intsFrom(input: 3, orAttribute: "axes") ?? []
    op.steps = try call.shapeInts(4, "steps") ?? []
    let shape = call.shape(try call.input(0))
    for (place, step) in op.steps.enumerated() where step < 0 && place < starts.count {
      let axis = try AxisAttribute.resolve(place < op.axes.count ? op.axes[place] : place, rank: shape.count)
      op.starts[place] = max(starts[place], -max(1, shape[axis]))
    }
    return op
  }

  private func count(_ place: Int) -> Int {
    let step = steps[place]
    let end = ends[place] < 0 ? -1 : ends[place]
    let distance = step > 0 ? end - starts[place] : starts[place] - end
    return distance <= 0 ? 0 : (distance - 1) / abs(step) + 1
  }

  func resultTypes(_ operands: [TensorType]) -> [TensorType] {
    var y = operands[0]
    for (place, axis) in axes.enumerated() { y.shape[axis] = count(place) }
    return [y]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let walked = Equation.axes(of: results[0])
    var indices = walked.map(\.index)
    for (place, axis) in axes.enumerated() { indices[axis] = walked[axis] * steps[place] + starts[place] }
    return [Equation(results[0], walked, operands[0][indices])]
  }
}

extension Slice {
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    // Backward, the place before the first one has no number of its own.
    let stops = zip(ends, steps).map { $0 < 0 && $1 < 0 ? -Int.max : $0 }
    call.finish("Slice", [call.operands[0]] + [starts, stops, axes, steps].map { call.ints($0) })
    return true
  }
}
