import LoopIR

/// Constants in the middle of a graph, and facts about shapes.
enum ONNXConstants: ONNXOperatorFamily {
  static let rules = [
    ONNXRule("Constant", constant), ONNXRule("ConstantOfShape", constantOfShape), ONNXRule("Shape", shape),
    ONNXRule("Size", size),
  ]

  private static func constant(_ call: ONNXCall) throws -> [Value?] {
    if let tensor = try call.tensor("value") { return [call.constant(tensor)] }
    if let number = try call.attribute("value_float") {
      return [call.scalar(try Double(attribute: number), .f32)]
    }
    if let number = try call.int("value_int") { return [call.scalar(Double(number), .i64)] }
    if let numbers = try call.floats("value_floats") {
      return [call.constant(TensorData(TensorType(.f32, [numbers.count]), doubles: numbers))]
    }
    if let numbers = try call.attributeInts("value_ints") { return [call.ints(numbers)] }
    throw call.unsupported("a constant without numbers")
  }

  /// One number everywhere: by default 0 in single precision.
  private static func constantOfShape(_ call: ONNXCall) throws -> [Value?] {
    guard let shape = try call.shapeInts(0, "input") else { throw OpError("input 0 is missing") }
    let value = try call.tensor("value") ?? TensorData(TensorType(.f32, [1]), doubles: [0])
    guard value.type.count == 1 else { throw OpError("expected one number as 'value', found \(value.type)") }
    let number = call.constant(TensorData(TensorType(value.type.element, []), value.storage))
    return [try call.apply(Expand(shape: shape), number)]
  }

  private static func shape(_ call: ONNXCall) throws -> [Value?] {
    let shape = call.shape(try call.input(0))
    func position(_ number: Int) -> Int { min(max(number < 0 ? number + shape.count : number, 0), shape.count) }
    let start = position(try call.int("start", default: 0))
    let end = position(try call.int("end", default: shape.count))
    return [call.ints(Array(shape[start..<max(start, end)]))]
  }

  private static func size(_ call: ONNXCall) throws -> [Value?] {
    [call.scalar(Double(call.type(try call.input(0)).count), .i64)]
  }
}
