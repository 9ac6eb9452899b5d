import LoopIR

/// An operator whose every element is one scalar expression of the operands' elements, with broadcasting.
package protocol PointwiseOp: PrimitiveOp {
  /// The element types that the operands may have; floating point unless stated.
  static var domain: ElementDomain { get }
  /// The expression; its derivative comes from it symbolically, so that a branch decides on which side a kink
  /// lies.
  func value(_ x: [Scalar]) -> Scalar
  /// Element type of the result; by default that of the operands, which must agree and lie in the domain.
  func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType
}

extension PointwiseOp {
  package static var domain: ElementDomain { .floating }

  package func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType {
    try Self.requireSame(operands, in: Self.domain)
  }

  package func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    [try Broadcasting.type(try resultElement(operands), operands)]
  }

  /// What ONNX has no operator for is written as its expression.
  package func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    writeInverse(call) || writeExpression(call)
  }

  package func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (axes, elements) = Broadcasting.elements(operands, of: results[0])
    return [Equation(results[0], axes, value(elements))]
  }
}

/// A pointwise operator of one operand: the activations and the elementary functions.
package protocol UnaryOp: PointwiseOp {
  func value(_ x: Scalar) -> Scalar
}

extension UnaryOp {
  package static var operands: [Operand] { [Operand("x")] }
  package static var examples: [String] { ["\(name)(f32[2, 3, 4, 5])"] }

  package func value(_ x: [Scalar]) -> Scalar { value(x[0]) }
}

/// A pointwise operator of two operands.
package protocol BinaryOp: PointwiseOp {
  func value(_ a: Scalar, _ b: Scalar) -> Scalar
}

extension BinaryOp {
  package static var operands: [Operand] { [Operand("a"), Operand("b")] }
  package static var examples: [String] {
    ["\(name)(f32[2, 3], f32[2, 3])", "\(name)(f32[2, 3, 4], f32[3, 1])", "\(name)(f32[], f32[5])"]
  }

  package func value(_ x: [Scalar]) -> Scalar { value(x[0], x[1]) }
}

/// A pointwise operator of two numbers that answers yes or no.
package protocol ComparisonOp: BinaryOp {}

extension ComparisonOp {
  package static var domain: ElementDomain { .number }

  package func resultElement(_ operands: [TensorType]) throws(OpError) -> ElementType {
    _ = try Self.requireSame(operands, in: Self.domain)
    return .bool
  }
}
