/// Tensors that a result lines up, one behind the other along an axis.
package struct Concatenation: Hashable, Sendable {
  package struct Part: Hashable, Sendable {
    package var tensor: Tensor
    /// Where it begins along the axis.
    package var start: Int
  }

  package var axis: Int
  package var parts: [Part]
}

extension Equation {
  /// `y[n,c] = select(c < 3, a[n,c], b[n,c-3])` as what it is; nil where the equation is something else.
  package var concatenation: Concatenation? {
    guard scatter == nil else { return nil }
    var found = Concatenation(axis: 0, parts: [])
    var rest = value
    while true {
      let element: Scalar
      if case .select(.binary(.less, .index, .constant), let first, let others) = rest {
        (element, rest) = (first, others)
      } else {
        (element, rest) = (rest, 0)
      }
      guard case .read(let access) = element, let place = access.shiftedPlace(in: self),
        found.parts.isEmpty || place.axis == found.axis,
        place.start == found.parts.last.map({ $0.start + $0.tensor.shape[place.axis] }) ?? 0
      else { return nil }
      found.axis = place.axis
      found.parts.append(.init(tensor: access.tensor, start: place.start))
      if rest == 0 { break }
    }
    guard let last = found.parts.last, found.parts.count > 1,
      last.start + last.tensor.shape[found.axis] == axes[found.axis].extent
    else { return nil }
    return found
  }
}

extension Access {
  /// The only axis along which a read of an equation's own place is shifted, and by how much; the last axis where it is
  /// not shifted at all and spans another extent.
  fileprivate func shiftedPlace(in equation: Equation) -> (axis: Int, start: Int)? {
    guard tensor.rank == equation.axes.count else { return nil }
    let differing = indices.indices.filter { tensor.shape[$0] != equation.axes[$0].extent }
    guard differing.count == 1 else { return nil }
    for (place, index) in indices.enumerated() where place != differing[0] && index != .axis(equation.axes[place]) {
      return nil
    }
    let form = LinearForm(indices[differing[0]])
    guard form.terms == [.init(atom: .axis(equation.axes[differing[0]]), factor: 1)], form.constant <= 0 else {
      return nil
    }
    return (differing[0], -form.constant)
  }
}
