/// A test that one index lies in a range that its form does not prove.
struct RangeCheck {
  var position: IndexCode
  var range: Range<Int>

  func holds(_ frame: Frame) -> Bool { range.contains(position(frame)) }
}

extension CodeBuilder {
  /// Code of the element at an access. Memory is safe in any case: the offset is checked where it is used.
  mutating func read(_ access: Access, _ scope: Scope) -> ScalarCode {
    let (tensor, outside) = (access.tensor, access.outside)
    switch source(tensor) {
    case .constant(let tensorValues):
      let values = tensorValues.values
      let offset = offset(access, .plain(rank: tensor.rank), scope)
      return { frame in
        guard let place = offset(frame) else { return outside ?? 0 }
        return values[place]
      }
    case .buffer(let buffer, let layout):
      let offset = offset(access, layout, scope)
      return { frame in
        guard let place = offset(frame) else { return outside ?? 0 }
        return buffer.values[place]
      }
    }
  }

  /// Where the element lies; nil for one outside of the tensor, if the access allows for that.
  mutating func offset(_ access: Access, _ layout: Layout, _ scope: Scope) -> (Frame) -> Int? {
    let place = code(layout.offset(of: access.indices, shape: access.tensor.shape), scope)
    let checks = rangeChecks(access, layout, scope)
    if checks.isEmpty { return { place($0) } }
    let isOutsideAllowed = access.outside != nil
    let subject = subject
    return { frame in
      for check in checks where !check.holds(frame) {
        precondition(isOutsideAllowed, "read or write outside of '\(access.tensor.name)' in \(subject())")
        return nil
      }
      return place(frame)
    }
  }

  private mutating func rangeChecks(_ access: Access, _ layout: Layout, _ scope: Scope) -> [RangeCheck] {
    var checks: [RangeCheck] = []
    for (dimension, index) in access.indices.enumerated() {
      let extent = access.tensor.shape[dimension]
      let allowed = access.outside == nil ? layout.places(dimension, extent: extent) : 0..<extent
      if let range = index.range, allowed.contains(range.lowerBound), allowed.contains(range.upperBound) {
        continue
      }
      checks.append(RangeCheck(position: code(index, scope), range: allowed))
    }
    return checks
  }
}

extension Layout {
  /// The positions of a logical dimension that have memory: the tensor's own, its halo, and the rest of a block.
  func places(_ dimension: Int, extent: Int) -> Range<Int> {
    var (lower, upper) = (0, extent)
    if !halos.isEmpty {
      lower -= halos[dimension].before
      upper += halos[dimension].after
    }
    for case .blocks(dimension, let block) in order {
      upper = lower + (upper - lower + block - 1) / block * block
    }
    return lower..<upper
  }
}
