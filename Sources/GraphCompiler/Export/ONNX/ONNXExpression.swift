import LoopIR

extension PointwiseOp {
  /// Writes the operator as the expression that it is, a node for each part; false where ONNX has no word for
  /// one.
  func writeExpression(_ call: ONNXWriting) -> Bool {
    let operands = call.types.enumerated().map { Tensor("\($0.offset)", $0.element.element, []) }
    let expression = value(operands.map { $0[[Index]()] })
    guard let (type, inputs) = ONNXExpression(call).node(expression, call.types[0].element) else {
      return false
    }
    call.finish(type, inputs)
    return true
  }
}

/// A scalar expression as nodes.
private struct ONNXExpression {
  private let call: ONNXWriting

  init(_ call: ONNXWriting) { self.call = call }

  /// The outermost node and its inputs.
  /// - Parameter element: the type of literals that stand beside nothing else.
  func node(_ scalar: Scalar, _ element: ElementType) -> (type: String, inputs: [String])? {
    let type = scalar.elementType ?? element
    switch scalar {
    case .constant, .read, .cast: return input(scalar, type).map { ("Identity", [$0]) }
    case .unary(let function, let a): return unary(function, a, type)
    case .binary(.notEqual, let a, let b): return negated(.binary(.equal, a, b), type)
    case .binary(.modulo, let a, let b): return node(remainder(a, b), type)
    case .binary(let function, let a, let b):
      let common = a.elementType ?? b.elementType ?? element
      guard let name = Self.names[function], let left = input(a, common), let right = input(b, common) else {
        return nil
      }
      return (name, [left, right])
    case .select(let condition, let a, let b):
      guard let test = input(condition, .bool), let yes = input(a, type), let no = input(b, type) else {
        return nil
      }
      return ("Where", [test, yes, no])
    case .index, .reduce, .random, .local: return nil
    }
  }

  private func unary(_ function: UnaryFunction, _ a: Scalar, _ type: ElementType) -> (String, [String])? {
    if function == .not, a.elementType != .bool { return nil }
    guard let name = Self.functions[function], let x = input(a, a.elementType ?? type) else { return nil }
    return (name, [x])
  }

  private func negated(_ scalar: Scalar, _ type: ElementType) -> (String, [String])? {
    input(scalar, type).map { ("Not", [$0]) }
  }

  /// `a - floor(a / b) * b`, of floating-point numbers.
  private func remainder(_ a: Scalar, _ b: Scalar) -> Scalar { a - .unary(.floor, a / b) * b }

  /// A part of the expression as the name of a value.
  private func input(_ scalar: Scalar, _ element: ElementType) -> String? {
    switch scalar {
    case .constant(let number): return call.scalar(number, element)
    case .read(let access): return Int(access.tensor.name).map { call.operands[$0] }
    case .cast(let type, let a):
      return input(a, a.elementType ?? element).map { call.node("Cast", [$0], ["to": .int(type.onnxNumber)]) }
    default: return node(scalar, element).map { call.node($0.type, $0.inputs) }
    }
  }

  private static let names: [BinaryFunction: String] = [
    .add: "Add", .subtract: "Sub", .multiply: "Mul", .divide: "Div", .minimum: "Min", .maximum: "Max",
    .power: "Pow",
    .equal: "Equal", .less: "Less", .lessEqual: "LessOrEqual", .and: "And", .or: "Or",
  ]

  private static let functions: [UnaryFunction: String] = [
    .negate: "Neg", .absolute: "Abs", .exp: "Exp", .log: "Log", .sqrt: "Sqrt", .sin: "Sin", .cos: "Cos",
    .tan: "Tan",
    .tanh: "Tanh", .erf: "Erf", .floor: "Floor", .ceil: "Ceil", .asin: "Asin", .acos: "Acos", .atan: "Atan",
    .sinh: "Sinh", .cosh: "Cosh", .asinh: "Asinh", .acosh: "Acosh", .atanh: "Atanh", .round: "Round",
    .not: "Not",
    .isNaN: "IsNaN",
  ]
}
