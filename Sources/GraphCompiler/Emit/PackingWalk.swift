import LoopIR

extension PackingOrder {
  /// Rearranges slices. Places of the target that no element goes to are left as they are.
  /// - Parameters:
  ///   - source: the elements of `sourceRange(of: slices)`, at any alignment.
  ///   - target: room for the slices.
  func pack(
    _ slices: Range<Int>, of elementByteCount: Int, from source: UnsafeRawBufferPointer,
    into target: UnsafeMutableRawBufferPointer
  ) {
    switch elementByteCount {
    case 1: pack(slices, UInt8.self, source, target)
    case 2: pack(slices, UInt16.self, source, target)
    case 4: pack(slices, UInt32.self, source, target)
    default: pack(slices, UInt64.self, source, target)
    }
  }

  private func pack<Element: BitwiseCopyable>(
    _ slices: Range<Int>, _: Element.Type, _ source: UnsafeRawBufferPointer,
    _ target: UnsafeMutableRawBufferPointer
  ) {
    guard let from = source.baseAddress, let to = target.baseAddress, !slices.isEmpty else { return }
    var walk = PackingWalk<Element>(
      order: self, source: from, sourceStart: sourceRange(of: slices).lowerBound, target: to,
      targetStart: slices.lowerBound * sliceLength)
    walk.run(slices)
  }
}

/// One walk over the places of a layout, outermost digit first. Offsets count from the start of the whole tensor.
private struct PackingWalk<Element: BitwiseCopyable> {
  private let order: PackingOrder
  private let source: UnsafeRawPointer
  private let sourceStart: Int
  private let target: UnsafeMutableRawPointer
  private let targetStart: Int
  /// Position in every dimension, as far as the digits so far say.
  private var positions: [Int]

  init(
    order: PackingOrder, source: UnsafeRawPointer, sourceStart: Int, target: UnsafeMutableRawPointer,
    targetStart: Int
  ) {
    self.order = order
    self.source = source
    self.sourceStart = sourceStart
    self.target = target
    self.targetStart = targetStart
    positions = order.margins.map { -$0 }
  }

  mutating func run(_ slices: Range<Int>) {
    visit(0, order.firstElement - sourceStart, -targetStart, slices)
  }

  private mutating func visit(_ place: Int, _ from: Int, _ to: Int, _ limits: Range<Int>) {
    let digit = order.digits[place]
    let range = inside(digit).clamped(to: limits)
    let inner = order.digits.dropFirst(place + 1)
    guard let next = inner.first else { return copy(range, digit, from, to) }
    if inner.count == 1, !digit.isGuarded || digit.dimension != next.dimension {
      return transpose(range, digit, inside(next), next, from, to)
    }
    for step in range {
      if digit.isGuarded { positions[digit.dimension] += step * digit.step }
      visit(
        place + 1, from + step * digit.sourceStride, to + step * digit.targetStride, 0..<next.extent)
      if digit.isGuarded { positions[digit.dimension] -= step * digit.step }
    }
  }

  /// The places of a digit that lie inside of the tensor.
  private func inside(_ digit: PackingOrder.Digit) -> Range<Int> {
    guard digit.isGuarded, digit.isLast else { return 0..<digit.extent }
    let before = -positions[digit.dimension]
    let after = before + order.shape[digit.dimension]
    func places(_ position: Int) -> Int {
      min(max(0, -(-position).dividedRoundingDown(by: digit.step)), digit.extent)
    }
    return places(before)..<places(after)
  }

  private func copy(_ range: Range<Int>, _ digit: PackingOrder.Digit, _ from: Int, _ to: Int) {
    let size = MemoryLayout<Element>.size
    if digit.sourceStride == 1 {
      let (start, end) = (from + range.lowerBound, to + range.lowerBound)
      (target + end * size).copyMemory(from: source + start * size, byteCount: range.count * size)
    } else {
      for place in range { move(from + place * digit.sourceStride, to + place) }
    }
  }

  private func move(_ from: Int, _ to: Int) { store(load(from), to) }

  private func load(_ place: Int) -> Element {
    source.loadUnaligned(fromByteOffset: place * MemoryLayout<Element>.size, as: Element.self)
  }

  private func store(_ element: Element, _ place: Int) {
    target.storeBytes(of: element, toByteOffset: place * MemoryLayout<Element>.size, as: Element.self)
  }

  /// The two innermost digits, four inner places at a time: their elements come from four rows of the source, of
  /// which a tile at a time stays in the cache.
  private func transpose(
    _ outerRange: Range<Int>, _ outer: PackingOrder.Digit, _ innerRange: Range<Int>, _ inner: PackingOrder.Digit,
    _ from: Int, _ to: Int
  ) {
    let row = inner.sourceStride
    for tile in stride(from: outerRange.lowerBound, to: outerRange.upperBound, by: 64) {
      let columns = tile..<min(tile + 64, outerRange.upperBound)
      var place = innerRange.lowerBound
      while place < innerRange.upperBound {
        let isFull = place + 4 <= innerRange.upperBound
        for column in columns {
          let (start, end) = (
            from + column * outer.sourceStride + place * row, to + column * outer.targetStride + place
          )
          if isFull {
            let four = (load(start), load(start + row), load(start + 2 * row), load(start + 3 * row))
            store(four.0, end)
            store(four.1, end + 1)
            store(four.2, end + 2)
            store(four.3, end + 3)
          } else {
            store(load(start), end)
          }
        }
        place += isFull ? 4 : 1
      }
    }
  }
}
