import SourceText

extension LoopParser {
  /// `[0 1/16 2 3 1%16] halo [0+0 0+0 1+1 1+1]`
  mutating func layout(of tensor: Tensor) throws(CompileError) -> Layout {
    var layout = Layout(order: [])
    let start = try cursor.expect(.leftBracket)
    while cursor.accept(.rightBracket) == nil { layout.order.append(try layoutDimension(tensor.rank)) }
    if cursor.accept(keyword: "halo") != nil { try halo(of: tensor, &layout) }
    guard let count = layout.checkedElementCount(shape: tensor.shape), count <= Self.elementLimit else {
      throw CompileError(
        "tensor-too-large", "layout has more than \(Self.elementLimit) elements", at: start.range)
    }
    return layout
  }

  private mutating func halo(of tensor: Tensor, _ layout: inout Layout) throws(CompileError) {
    let start = try cursor.expect(.leftBracket)
    while cursor.accept(.rightBracket) == nil {
      let before = try margin()
      try cursor.expect(.plus)
      layout.halos.append(.init(before: before, after: try margin()))
    }
    if layout.halos.count != tensor.rank {
      throw CompileError(
        "halo-rank", "expected \(tensor.rank) margins for '\(tensor.name)', found \(layout.halos.count)",
        at: start.range)
    }
  }

  private mutating func layoutDimension(_ rank: Int) throws(CompileError) -> Layout.Dimension {
    let (dimension, range) = try cursor.expectInteger("a dimension")
    guard (0..<rank).contains(dimension) else {
      throw CompileError(
        "layout-dimension", "expected a dimension below \(rank), found \(dimension)", at: range)
    }
    if cursor.accept(.slash) != nil { return .blocks(dimension, of: try block()) }
    if cursor.accept(.percent) != nil { return .within(dimension, of: try block()) }
    return .whole(dimension)
  }

  private mutating func block() throws(CompileError) -> Int {
    let (size, range) = try cursor.expectInteger("a block size")
    guard size > 0, size <= Self.elementLimit else {
      throw CompileError(
        "block-size", "expected a block of 1 to \(Self.elementLimit), found \(size)", at: range)
    }
    return size
  }

  private mutating func margin() throws(CompileError) -> Int {
    let (width, range) = try cursor.expectInteger("a margin")
    guard width <= Self.elementLimit else {
      throw CompileError(
        "halo-width", "expected a margin of at most \(Self.elementLimit), found \(width)", at: range)
    }
    return width
  }
}
