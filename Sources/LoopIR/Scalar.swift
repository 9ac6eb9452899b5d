/// A function of one number. `sigmoid`, `relu` and the like are expressions in these.
package enum UnaryFunction: String, Hashable, Sendable, CaseIterable {
  case negate, absolute, exp, log, sqrt, sin, cos, tan, tanh, erf, floor, ceil
  case asin, acos, atan, sinh, cosh, asinh, acosh, atanh
  /// To the nearest integer, halves to even.
  case round
  /// Logical: 1 where the operand is 0, else 0.
  case not
  /// 1 where the operand is not a number, else 0.
  case isNaN
}

/// A function of two numbers. Comparisons and logic yield 0 or 1, of type bool.
///
/// Integer types wrap, and their division truncates toward zero (by 0 it is 0). Minimum and maximum of
/// something that is not a number is not a number, as in ONNX and NumPy.
package enum BinaryFunction: String, Hashable, Sendable, CaseIterable {
  case add, subtract, multiply, divide, minimum, maximum, power
  /// The remainder with the sign of the divisor (`x - floor(x / y) * y`).
  case modulo
  /// On integers, bit by bit. Shifts fill with 0 and take unsigned numbers; a shift by the width or more leaves 0.
  case bitAnd, bitOr, bitXor, shiftLeft, shiftRight
  case equal, notEqual, less, lessEqual
  case and, or

  package var isComparisonOrLogic: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessEqual, .and, .or: true
    default: false
    }
  }
}

/// How the values of a reduction's axes are combined.
package enum Reduction: String, Hashable, Sendable, CaseIterable {
  case sum, product, maximum, minimum

  /// The value of the empty reduction.
  package var identity: Double {
    switch self {
    case .sum: 0
    case .product: 1
    case .maximum: -.infinity
    case .minimum: .infinity
    }
  }

  package var combiner: BinaryFunction {
    switch self {
    case .sum: .add
    case .product: .multiply
    case .maximum: .maximum
    case .minimum: .minimum
    }
  }
}

/// One element of a tensor. An index outside the tensor yields `outside`; where that is nil, every index is
/// inside.
package struct Access: Hashable, Sendable {
  package var tensor: Tensor
  package var indices: [Index]
  package var outside: Double?

  package init(_ tensor: Tensor, _ indices: [Index], outside: Double? = nil) {
    self.tensor = tensor
    self.indices = indices
    self.outside = outside
  }

  /// Positions are trees; those of one kernel differ in their constants most often.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(tensor.name)
    for index in indices { hasher.combine(index.lastConstant) }
  }
}

extension Index {
  /// The constant at the end of a sum in normal form.
  fileprivate var lastConstant: Int {
    switch self {
    case .constant(let value), .sum(_, .constant(let value)): value
    default: 0
    }
  }
}

/// The value of one element: what an equation says, and what a kernel computes.
package indirect enum Scalar: Hashable, Sendable {
  /// A literal; it takes the type of what it stands beside.
  case constant(Double)
  /// A position as a number.
  case index(Index)
  case read(Access)
  case unary(UnaryFunction, Scalar)
  case binary(BinaryFunction, Scalar, Scalar)
  /// The second value where the first is not 0, else the third. Only the chosen one is evaluated.
  case select(Scalar, Scalar, Scalar)
  case reduce(Reduction, [Axis], Scalar)
  case cast(ElementType, Scalar)
  /// Random bits by counting: the first word of Philox-4x32-10, of type u32. Six whole numbers modulo 2^32: two words of
  /// key, four of the counter.
  case random([Scalar])
  /// A named local of a loop nest. Equations have none.
  case local(String, ElementType)
}

extension Scalar: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  package init(floatLiteral value: Double) { self = .constant(value) }
  package init(integerLiteral value: Int) { self = .constant(Double(value)) }
}

package func + (left: Scalar, right: Scalar) -> Scalar { .binary(.add, left, right) }
package func - (left: Scalar, right: Scalar) -> Scalar { .binary(.subtract, left, right) }
package func * (left: Scalar, right: Scalar) -> Scalar { .binary(.multiply, left, right) }
package func / (left: Scalar, right: Scalar) -> Scalar { .binary(.divide, left, right) }
package prefix func - (value: Scalar) -> Scalar { .unary(.negate, value) }

/// `sum(c, p, q)` of the textbooks: `reduce(.sum, [c, p, q], x[…] * w[…])`.
package func reduce(_ reduction: Reduction, _ axes: [Axis], _ value: Scalar) -> Scalar {
  axes.isEmpty ? value : .reduce(reduction, axes, value)
}
