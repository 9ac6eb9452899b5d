/// `y[n,c,i,j] = max(x[n,c,i,j], 0)` → `y[ncij] = max(x[ncij], 0)`: neighbouring axes that every tensor walks
/// together become one, and extents of 1 disappear. Loops get longer, and a 1x1 convolution becomes a matrix
/// product.
///
/// Applies to plain (row-major) tensors; scatters stay as they are.
///
/// - Parameter keeping: so many axes stay as they are, and so does the rank of every tensor: what is laid out in blocks
///   of channels has only its other axes merged.
package func collapseAxes(_ equation: Equation, keeping: Int = 0) -> Equation {
  if equation.scatter != nil { return equation }
  var equation = keeping > 0 ? equation : droppingUnitExtents(equation)
  var place = keeping
  while place + 1 < equation.axes.count {
    if let merged = merging(equation, place) {
      equation = merged
    } else {
      place += 1
    }
  }
  return equation
}

private func droppingUnitExtents(_ equation: Equation) -> Equation {
  let unit = equation.axes.filter { $0.extent == 1 }
  let zeros = Dictionary(uniqueKeysWithValues: unit.map { ($0, Index.constant(0)) })
  var result = equation
  result.value = equation.value.substituting(zeros).rewritten(scalar: { part in
    guard case .read(var access) = part, access.outside == nil else { return part }
    let kept = access.indices.indices.filter {
      access.tensor.shape[$0] != 1 || access.indices[$0] != .constant(0)
    }
    access.tensor.shape = kept.map { access.tensor.shape[$0] }
    access.indices = kept.map { access.indices[$0] }
    return .read(access)
  })
  result.axes.removeAll { $0.extent == 1 }
  result.result.shape.removeAll { $0 == 1 }
  return hasConsistentTensors(result) ? result : equation
}

/// Two reads of one tensor may have dropped different dimensions; then nothing is dropped.
private func hasConsistentTensors(_ equation: Equation) -> Bool {
  var shapes: [String: [Int]] = [equation.result.name: equation.result.shape]
  for access in equation.allReads {
    if shapes[access.tensor.name, default: access.tensor.shape] != access.tensor.shape { return false }
    shapes[access.tensor.name] = access.tensor.shape
  }
  return true
}

/// The equation with axes `place` and `place + 1` as one; nil where some tensor does not walk them together.
private func merging(_ equation: Equation, _ place: Int) -> Equation? {
  let (outer, inner) = (equation.axes[place], equation.axes[place + 1])
  let merged = Axis(outer.name + inner.name, outer.extent * inner.extent)
  var isLegal = true
  let value = equation.value.rewritten(scalar: { part in
    switch part {
    case .index(let index) where index.mentions(outer) || index.mentions(inner):
      isLegal = false
      return part
    case .read(let access):
      guard let changed = merge(access, outer, inner, merged) else {
        isLegal = false
        return part
      }
      return .read(changed)
    default:
      return part
    }
  })
  var result = equation
  result.value = value
  result.axes.replaceSubrange(place...place + 1, with: [merged])
  result.result.shape.replaceSubrange(place...place + 1, with: [merged.extent])
  return isLegal && hasConsistentTensors(result) ? result : nil
}

private func merge(_ access: Access, _ outer: Axis, _ inner: Axis, _ merged: Axis) -> Access? {
  let mentioned = access.indices.indices.filter {
    access.indices[$0].mentions(outer) || access.indices[$0].mentions(inner)
  }
  if mentioned.isEmpty { return access }
  guard mentioned.count == 2, mentioned[1] == mentioned[0] + 1,
    access.indices[mentioned[0]] == .axis(outer), access.indices[mentioned[1]] == .axis(inner),
    access.tensor.shape[mentioned[0]] == outer.extent, access.tensor.shape[mentioned[1]] == inner.extent
  else { return nil }
  var changed = access
  changed.indices.replaceSubrange(mentioned[0]...mentioned[1], with: [.axis(merged)])
  changed.tensor.shape.replaceSubrange(mentioned[0]...mentioned[1], with: [merged.extent])
  return changed
}

extension Index {
  /// True where the axis occurs, also inside data that decides the position.
  package func mentions(_ axis: Axis) -> Bool {
    switch self {
    case .constant: false
    case .axis(let other): other == axis
    case .sum(let a, let b), .product(let a, let b), .minimum(let a, let b), .maximum(let a, let b):
      a.mentions(axis) || b.mentions(axis)
    case .quotient(let a, _), .remainder(let a, _): a.mentions(axis)
    case .value(let value): value.mentions(axis)
    }
  }
}

extension Scalar {
  /// True where the axis occurs in any position.
  package func mentions(_ axis: Axis) -> Bool {
    switch self {
    case .constant, .local: false
    case .index(let position): position.mentions(axis)
    case .read(let access): access.indices.contains { $0.mentions(axis) }
    case .unary(_, let a), .reduce(_, _, let a), .cast(_, let a): a.mentions(axis)
    case .binary(_, let a, let b): a.mentions(axis) || b.mentions(axis)
    case .select(let condition, let a, let b): condition.mentions(axis) || a.mentions(axis) || b.mentions(axis)
    case .random(let words): words.contains { $0.mentions(axis) }
    }
  }
}
