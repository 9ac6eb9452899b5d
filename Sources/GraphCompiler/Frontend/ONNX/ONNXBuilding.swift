import LoopIR

/// What several rules build.
extension ONNXCall {
  /// The value in that element type.
  package func cast(_ value: Value, to element: ElementType) throws(OpError) -> Value {
    if type(value).element == element { return value }
    var op = Cast()
    op.to = element
    return try apply(op, value)
  }

  /// The value under another shape of as many elements.
  package func reshaped(_ value: Value, _ shape: [Int]) throws(OpError) -> Value {
    self.shape(value) == shape ? value : try apply(Reshape(to: shape), value)
  }

  /// The value stretched to the shape, to which it broadcasts.
  package func expanded(_ value: Value, _ shape: [Int]) throws(OpError) -> Value {
    if self.shape(value) == shape { return value }
    var op = Expand()
    op.shape = shape
    return try apply(op, value)
  }

  /// Where the plane of each channel starts in the row-major order of a tensor `[N, C, spatial…]`, as
  /// `i64[N, C, 1…]`: ONNX counts places over the whole tensor, we count over one plane.
  package func planeStarts(_ shape: [Int]) throws(OpError) -> Value {
    let plane = shape.dropFirst(2).reduce(1, *)
    let numbers = try apply(Iota(shape: [shape[0] * shape[1]], axis: 0, type: .i64))
    let column = try reshaped(numbers, shape[..<2] + shape.dropFirst(2).map { _ in 1 })
    return try apply(Mul(), column, scalar(Double(plane), .i64))
  }

  /// Places that count an array with its last axis first, as others that count it with its first axis first.
  package func columnMajor(_ places: Value, _ shape: [Int]) throws(OpError) -> Value {
    func scalar(_ number: Int) -> Value { self.scalar(Double(number), .i64) }
    var (rest, total): (Value, Value?) = (places, nil)
    for (axis, extent) in shape.enumerated().reversed() where extent > 1 {
      let before = try apply(Div(), rest, scalar(extent))
      let position = try apply(Sub(), rest, try apply(Mul(), before, scalar(extent)))
      let term = try apply(Mul(), position, scalar(shape[..<axis].reduce(1, *)))
      total = try total.map { other throws(OpError) in try apply(Add(), other, term) } ?? term
      rest = before
    }
    return total ?? places
  }

  /// Softmax and its kin: along the axis from operator set 13 on; before, over all axes from it on as if they were one.
  package func alongAxis(
    _ body: (_ x: Value, _ axis: Int, ONNXCall) throws(OpError) -> Value
  ) throws(OpError) -> [Value?] {
    let x = try input(0)
    let shape = shape(x)
    guard opset < 13 else { return [try body(x, try int("axis", default: -1), self)] }
    let written = try int("axis", default: 1)
    let axis = written < 0 ? written + shape.count : written
    guard (0...shape.count).contains(axis) else {
      throw OpError("'axis' must lie in \(-shape.count)...\(shape.count) for \(type(x)), found \(written)")
    }
    if let last = shape.indices.last, axis == last { return [try body(x, axis, self)] }
    var flatten = Flatten()
    flatten.axis = axis
    return [try reshaped(try body(try apply(flatten, x), 1, self), shape)]
  }
}
