/// A test that one index lies in a range that its form does not prove.
struct RangeCheck {
  var position: IndexCode
  var range: Range<Int>

  func holds(_ frame: Frame) -> Bool {
    let place = position(frame)
    return place >= range.lowerBound && place < range.upperBound
  }
}

extension CodeBuilder {
  /// Code of the element at an access. Memory is safe in any case: the offset is checked where it is used.
  mutating func read(_ access: Access, _ scope: Scope) -> ScalarCode {
    let source = source(access.tensor)
    let outside = access.outside ?? 0
    let layout = source.layout(of: access.tensor)
    let checks = rangeChecks(access, layout, scope)
    let place = place(access, layout, scope)
    let buffer = source.buffer
    if checks.isEmpty { return { buffer.values[place($0)] } }
    let isInside = test(checks, access)
    return { isInside($0) ? buffer.values[place($0)] : outside }
  }

  /// Where the element lies; nil for one outside of the tensor, if the access allows for that.
  mutating func offset(_ access: Access, _ layout: Layout, _ scope: Scope) -> (Frame) -> Int? {
    let isInside = test(rangeChecks(access, layout, scope), access)
    let place = place(access, layout, scope)
    return { isInside($0) ? place($0) : nil }
  }

  private mutating func place(_ access: Access, _ layout: Layout, _ scope: Scope) -> IndexCode {
    code(layout.offset(of: access.indices, shape: access.tensor.shape), scope)
  }

  /// Whether all checks hold; where they must and do not, traps.
  private func test(_ checks: [RangeCheck], _ access: Access) -> (Frame) -> Bool {
    guard access.outside != nil else {
      let subject = subject
      return { frame in
        for check in checks where !check.holds(frame) {
          preconditionFailure("read or write outside of '\(access.tensor.name)' in \(subject())")
        }
        return true
      }
    }
    guard let first = checks.first else { return { _ in true } }
    if checks.count == 1 { return { first.holds($0) } }
    let others = test(Array(checks.dropFirst()), access)
    return { first.holds($0) && others($0) }
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
  /// The positions of a logical dimension that have memory: the tensor's own, its halo, and the rest of a
  /// block.
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
