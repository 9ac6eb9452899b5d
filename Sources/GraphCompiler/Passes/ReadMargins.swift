import LoopIR

/// How far windows reach beyond the edges of what they read.
extension Access {
  /// How far the read reaches beyond each edge; nil where data decides.
  var margin: [Layout.Halo]? {
    var halos: [Layout.Halo] = []
    for (index, extent) in zip(indices, tensor.shape) {
      guard let range = index.range else { return nil }
      halos.append(.init(before: max(0, -range.lowerBound), after: max(0, range.upperBound - extent + 1)))
    }
    return halos
  }
}

extension Index {
  /// True where every window `i * stride + p * dilation - pad` has a place inside `0..<extent`: one of two axes numbers
  /// the windows, the other the places of one.
  func everyWindowReaches(_ extent: Int) -> Bool {
    let form = LinearForm(self)
    guard form.isAffine, form.terms.count <= 2 else { return false }
    let walks = form.terms.compactMap { term -> (extent: Int, factor: Int)? in
      if case .axis(let axis) = term.atom { (axis.extent, term.factor) } else { nil }
    }
    guard let first = walks.first else { return (0..<extent).contains(form.constant) }
    let second = walks.count > 1 ? walks[1] : (extent: 1, factor: 0)
    func reaches(_ outer: (extent: Int, factor: Int), _ inner: (extent: Int, factor: Int)) -> Bool {
      (0..<outer.extent).allSatisfy { i in
        (0..<inner.extent).contains { p in
          (0..<extent).contains(i * outer.factor + p * inner.factor + form.constant)
        }
      }
    }
    return reaches(first, second) && reaches(second, first)
  }
}

extension [Layout.Halo] {
  /// The margins that hold both.
  func union(_ other: [Layout.Halo]) -> [Layout.Halo] {
    zip(self, other).map { .init(before: Swift.max($0.before, $1.before), after: Swift.max($0.after, $1.after)) }
  }
}

extension [[Layout.Halo]] {
  func reduce(_ combine: ([Layout.Halo], [Layout.Halo]) -> [Layout.Halo]) -> [Layout.Halo]? {
    first.map { dropFirst().reduce($0, combine) }
  }
}
