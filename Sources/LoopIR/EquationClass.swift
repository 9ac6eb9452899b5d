/// What kind of work an equation is. The class is found from the equation, never declared.
package enum EquationClass: String, Hashable, Sendable, CaseIterable {
  /// Every element depends on the elements at its own place (an operand may be stretched along axes).
  case pointwise
  /// A sum of products: convolutions, matrix products and their gradients.
  case contraction
  /// Any other reduction: pooling, norms, sums.
  case reduction
  /// Elements from other places: transpose, pad, gather, concat.
  case movement
  /// Data says which element is written.
  case scatter
}

extension Equation {
  package var equationClass: EquationClass {
    if scatter != nil { return .scatter }
    var (hasReduction, hasContraction) = (false, false)
    value.forEach { part in
      guard case .reduce(let reduction, _, let body) = part else { return }
      hasReduction = true
      if reduction == .sum, body.isProductOfReads { hasContraction = true }
    }
    if hasReduction { return hasContraction ? .contraction : .reduction }
    return value.reads.allSatisfy(isAtOwnPlace) ? .pointwise : .movement
  }

  /// True where the access reads at this equation's own position: each index is one of the axes, in order, or
  /// the only place of an extent of 1.
  private func isAtOwnPlace(_ access: Access) -> Bool {
    var remaining = axes[...]
    for (index, extent) in zip(access.indices, access.tensor.shape) {
      switch index {
      case .axis(let axis):
        guard axis.extent == extent, let place = remaining.firstIndex(of: axis) else { return false }
        remaining = remaining[(place + 1)...]
      case .constant(0) where extent == 1: continue
      default: return false
      }
    }
    return true
  }

  /// True where the equation copies an operand of the result's shape: `y[n, c] = x[n, c]`.
  package var copiedTensor: Tensor? {
    guard scatter == nil, case .read(let access) = value, access.tensor.shape == result.shape,
      access.tensor.element == result.element
    else { return nil }
    let isCopy = zip(access.indices, axes).allSatisfy { index, axis in
      index == .axis(axis) || axis.extent == 1 && index == .constant(0)
    }
    return isCopy ? access.tensor : nil
  }
}

extension Scalar {
  /// True for a product of two or more factors that each read a tensor.
  fileprivate var isProductOfReads: Bool {
    let factors = self.factors
    return factors.count > 1 && factors.allSatisfy { !$0.reads.isEmpty }
  }

  /// The factors of a product; a value that is no product is its only factor.
  package var factors: [Scalar] {
    guard case .binary(.multiply, let a, let b) = self else { return [self] }
    return a.factors + b.factors
  }

  /// Number of expressions in the tree: a measure of the code that it becomes.
  package var size: Int {
    var count = 0
    forEach { _ in count += 1 }
    return count
  }
}
