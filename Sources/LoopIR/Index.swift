/// An integer expression that says which element of a tensor is meant.
package indirect enum Index: Hashable, Sendable {
  case constant(Int)
  case axis(Axis)
  case sum(Index, Index)
  case product(Index, Index)
  /// Rounds toward minus infinity; the divisor is positive.
  case quotient(Index, Int)
  /// The remainder of `quotient`: never negative.
  case remainder(Index, Int)
  case minimum(Index, Index)
  case maximum(Index, Index)
  /// A position that is data (gather, deformable sampling, unpooling): the scalar, truncated toward zero.
  case value(Scalar)
}

/// What may stand in index arithmetic: whole numbers, axes and index expressions.
package protocol IndexConvertible {
  var index: Index { get }
}

extension Int: IndexConvertible {
  package var index: Index { .constant(self) }
}

extension Axis: IndexConvertible {
  package var index: Index { .axis(self) }
}

extension Index: IndexConvertible {
  package var index: Index { self }
}

package func + <L: IndexConvertible, R: IndexConvertible>(left: L, right: R) -> Index {
  Index.sum(left.index, right.index).simplified
}

package func - <L: IndexConvertible, R: IndexConvertible>(left: L, right: R) -> Index {
  Index.sum(left.index, .product(right.index, .constant(-1))).simplified
}

package func * <L: IndexConvertible, R: IndexConvertible>(left: L, right: R) -> Index {
  Index.product(left.index, right.index).simplified
}

extension Index {
  package func dividedRoundingDown(by divisor: Int) -> Index {
    Index.quotient(self, divisor).simplified
  }

  package func remainder(dividingBy divisor: Int) -> Index {
    Index.remainder(self, divisor).simplified
  }

  package func clamped(to range: ClosedRange<Int>) -> Index {
    Index.maximum(.minimum(self, .constant(range.upperBound)), .constant(range.lowerBound)).simplified
  }
}
