extension Scalar {
  /// The element type of the value; nil for a literal or a position, which take the type of what they stand
  /// beside.
  package var elementType: ElementType? {
    switch self {
    case .constant, .index: nil
    case .read(let access): access.tensor.element
    case .unary(.not, _), .unary(.isNaN, _): .bool
    case .unary(_, let a): a.elementType
    case .binary(let function, let a, let b):
      function.isComparisonOrLogic ? .bool : a.elementType ?? b.elementType
    case .select(_, let a, let b): a.elementType ?? b.elementType
    case .reduce(_, _, let a): a.elementType
    case .cast(let type, _): type
    case .random: .u32
    case .local(_, let type): type
    }
  }
}
