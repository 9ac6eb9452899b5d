import LoopIR

extension PointwiseOp {
  /// Writes the operator as the expression that it is, a node for each part; false where ONNX has no word for
  /// one.
  func writeExpression(_ call: ONNXWriting) -> Bool { call.write(value(call.elements)) }
}

extension ONNXWriting {
  /// One element of each operand; the tensors have the operands' places as names.
  fileprivate var elements: [Scalar] {
    types.enumerated().map { Tensor("\($0.offset)", $0.element.element, [])[[Index]()] }
  }

  fileprivate func write(_ value: Scalar) -> Bool {
    let expression = ONNXExpression(self) { scalar, _ in
      guard case .read(let access) = scalar else { return nil }
      return Int(access.tensor.name).map { self.operands[$0] }
    }
    guard let node = expression.node(value, types[0].element) else { return false }
    finish(node.type, node.inputs, list: node.attributes, since: node.version)
    return true
  }
}

/// A scalar expression as nodes.
struct ONNXExpression {
  /// What is not a node yet.
  struct Node {
    var type: String
    var inputs: [String]
    var attributes: [(String, Attribute)] = []
    var version = 1
  }

  private let call: ONNXWriting
  /// Names the value of a read, a position or a reduction of an element type; nil where ONNX cannot say it.
  private let leaf: (Scalar, ElementType) -> String?

  init(_ call: ONNXWriting, leaf: @escaping (Scalar, ElementType) -> String?) {
    self.call = call
    self.leaf = leaf
  }

  /// The outermost node.
  /// - Parameter element: the type of literals that stand beside nothing else.
  func node(_ scalar: Scalar, _ element: ElementType) -> Node? {
    let type = scalar.elementType ?? element
    switch scalar {
    case .constant, .read, .index, .reduce:
      return input(scalar, type).map { Node(type: "Identity", inputs: [$0]) }
    case .cast(let type, let a): return cast(a, to: type, a.elementType ?? element)
    case .unary(let function, let a): return unary(function, a, type)
    case .binary(.notEqual, let a, let b): return negated(.binary(.equal, a, b), type)
    case .binary(.modulo, let a, let b): return node(remainder(a, b), type)
    case .binary(let function, let a, let b):
      let common = a.elementType ?? b.elementType ?? (function.isComparisonOrLogic ? .i64 : element)
      guard let name = Self.names[function], let left = input(a, common), let right = input(b, common) else {
        return nil
      }
      return Node(type: name, inputs: [left, right])
    case .select(let condition, let a, let b):
      let truth = condition.elementType == .bool ? condition : .cast(.bool, condition)
      guard let test = input(truth, .bool), let yes = input(a, type), let no = input(b, type) else {
        return nil
      }
      return Node(type: "Where", inputs: [test, yes, no])
    case .random, .local: return nil
    }
  }

  private func cast(_ a: Scalar, to type: ElementType, _ element: ElementType) -> Node? {
    input(a, element).map {
      Node(type: "Cast", inputs: [$0], attributes: [("to", .int(type.onnxNumber))])
    }
  }

  private func unary(_ function: UnaryFunction, _ a: Scalar, _ type: ElementType) -> Node? {
    if function == .not, a.elementType != .bool { return nil }
    guard let name = Self.functions[function], let x = input(a, a.elementType ?? type) else { return nil }
    return Node(type: name, inputs: [x])
  }

  private func negated(_ scalar: Scalar, _ type: ElementType) -> Node? {
    input(scalar, type).map { Node(type: "Not", inputs: [$0]) }
  }

  /// `a - floor(a / b) * b`, of floating-point numbers.
  private func remainder(_ a: Scalar, _ b: Scalar) -> Scalar { a - .unary(.floor, a / b) * b }

  /// A part of the expression as the name of a value.
  private func input(_ scalar: Scalar, _ element: ElementType) -> String? {
    switch scalar {
    case .constant(let number): call.scalar(number, element)
    case .read, .index, .reduce: leaf(scalar, scalar.elementType ?? element)
    default:
      node(scalar, element).map { call.node($0.type, $0.inputs, list: $0.attributes, since: $0.version) }
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
