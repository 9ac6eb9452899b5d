/// A convolution with stride 1 by Winograd's algorithm: blocks of tiles are transformed, multiplied and transformed back
/// while they are in the cache.
///
///     for each block of tiles
///       v[p, c, t] = Bᵀ x Bᵀᵀ        each tile of pixels, size numbers p
///       for each group of channels o
///         m[p, o, t] = sum(c) v[p, c, t] * u[o, p, c]
///         y = f(Aᵀ m Aᵀᵀ)            with the rest of the equation: bias, residual, activation
///
/// Windows of one row or one column of taps are transformed along their length only.
/// Input and result are in blocks of channels. The input has margins wide enough for every tile.
package struct WinogradConvolution {
  package let window: WinogradWindow
  package let equation: Equation
  /// The factors of the sum, and its axis of channels.
  package let pixels: Access
  package let weights: Access
  package let channels: Axis
  package let tiles: WinogradTiles
  /// True where gradients are handed back: filters are transposed, and their taps run backward.
  package let isBackward: Bool

  /// nil where the equation is no convolution of images with stride 1 and windows that are squares or strips, alone in
  /// its equation.
  /// - Parameter outputs: of a tile, in each direction that has more than one tap.
  package init?(_ equation: Equation, outputs: Int) {
    guard equation.axes.count == 4, let (sums, body) = equation.value.onlySum, (2...3).contains(sums.count),
      case .binary(.multiply, .read(let x), .read(let w)) = body, x.tensor.rank == 4, w.tensor.rank == 4
    else { return nil }
    let axes = equation.axes
    guard x.indices[0] == .axis(axes[0]) || axes[0].extent == 1, x.indices[1] == .axis(sums[0]),
      w.indices[0] == .axis(axes[1]) && w.indices[1] == .axis(sums[0])
        || w.indices[0] == .axis(sums[0]) && w.indices[1] == .axis(axes[1]),
      sums[0].extent.isMultiple(of: Layout.block), axes[1].extent.isMultiple(of: Layout.block)
    else { return nil }
    isBackward = w.indices[0] == .axis(sums[0])
    let direction = isBackward ? -1 : 1
    var (taps, pads) = ([Int](), [Int]())
    for place in [2, 3] {
      // A window of one row or column has no axis for it.
      let tap = sums[1...].first { w.indices[place] == .axis($0) }
      let form = LinearForm(x.indices[place])
      guard tap != nil || w.indices[place] == .constant(0), form.isAffine, form.terms.count == (tap == nil ? 1 : 2),
        form.factor(of: axes[place]) == 1, tap.map({ form.factor(of: $0) == direction }) ?? true
      else { return nil }
      taps.append(tap?.extent ?? 1)
      pads.append(isBackward ? taps[place - 2] - 1 - form.constant : -form.constant)
    }
    guard taps.count(where: { $0 > 1 }) == sums.count - 1,
      let window = WinogradWindow(outputs: outputs, taps: (taps[0], taps[1]))
    else { return nil }
    (self.window, self.equation, pixels, weights, channels) = (window, equation, x, w, sums[0])
    tiles = WinogradTiles(
      window, height: axes[2].extent, width: axes[3].extent, pads: pads, channels: sums[0].extent + axes[1].extent)
  }

  /// Margins that the tiles need, those beyond the last row and column included.
  package var margins: [Layout.Halo] {
    let extents = pixels.tensor.shape
    let directions = [(tiles.rows, window.rows), (tiles.columns, window.columns)]
    let spatial = directions.enumerated().map { place, direction in
      let (count, transform) = direction
      let reach = (count - 1) * transform.outputs + transform.size - tiles.pads[place]
      return Layout.Halo(before: max(0, tiles.pads[place]), after: max(0, reach - extents[2 + place]))
    }
    return [Layout.Halo(before: 0, after: 0), Layout.Halo(before: 0, after: 0)] + spatial
  }

  /// Channels of the result that are computed while their products are in the cache.
  package var group: Int {
    let vectors = equation.axes[1].extent / Layout.block
    return Layout.block * (vectors.isMultiple(of: 2) ? 2 : vectors.isMultiple(of: 3) ? 3 : 1)
  }

  /// Transformed pixels of one block of tiles, and the products of one group of channels.
  package var scratch: (v: Tensor, m: Tensor) {
    (
      Tensor("v", .f32, [window.size, channels.extent, tiles.perBlock]),
      Tensor("m", .f32, [window.size, group, tiles.perBlock])
    )
  }

  /// How both lie in memory. The numbers p of a tile are written, and read back, at the same time: they must not meet in
  /// a few places of the first cache. So only the tiles of a block lie between two of them in `v`, and one place is left
  /// free where eight divides their number. With AVX2 the pixels' transform took 0.6 of the time.
  package var scratchLayouts: (v: Layout, m: Layout) {
    var (v, m) = (Layout.blocksOutermost(rank: 3, dimension: 1, by: Layout.block), Layout.channelBlocked(rank: 3))
    if tiles.perBlock.isMultiple(of: 8) {
      let none = Layout.Halo(before: 0, after: 0)
      v.halos = [none, none, Layout.Halo(before: 0, after: 1)]
      m.halos = v.halos
    }
    return (v, m)
  }

  /// The transformed weights `[o, p, c]`: filters stay together, so that they can be transformed some at a time.
  package var transformedWeights: Tensor {
    Tensor(weights.tensor.name, .f32, [equation.axes[1].extent, window.size, channels.extent])
  }

  /// The product of a block of tiles and the first group of channels, as the contraction that it is.
  package func product(tiles count: Int) -> Equation {
    let (v, m) = scratch
    let (p, o, t) = (Axis("p", m.shape[0]), Axis(equation.axes[1].name, group), Axis("t", count))
    let c = channels
    let body = v[[p, c, t]] * transformedWeights[[o, p, c]]
    return Equation(m, [p, o, t], reduce(.sum, [c], body))
  }
}

/// How the tiles of an image are grouped into blocks of whole rows.
package struct WinogradTiles: Sendable {
  /// Outputs of a tile in each direction.
  package let outputs: (rows: Int, columns: Int)
  package let rows: Int
  package let columns: Int
  package let pads: [Int]
  package let rowsPerBlock: Int

  /// - Parameter channels: of input and result together; more of them want more tiles for each pass over the weights.
  init(_ window: WinogradWindow, height: Int, width: Int, pads: [Int], channels: Int) {
    outputs = (window.rows.outputs, window.columns.outputs)
    self.pads = pads
    rows = (height + outputs.rows - 1) / outputs.rows
    columns = (width + outputs.columns - 1) / outputs.columns
    // Tiles of strips have few numbers.
    let wanted = (channels <= 128 ? 28 : 56) * (window.isStrip ? 4 : 1)
    let most = max(1, min(rows, wanted / columns))
    let blocks = (rows + most - 1) / most
    rowsPerBlock = (rows + blocks - 1) / blocks
  }

  package var perBlock: Int { rowsPerBlock * columns }
  /// Blocks of that many rows, and the rows of a smaller last one.
  package var fullBlocks: Int { rows / rowsPerBlock }
  package var rest: Int { rows % rowsPerBlock }
}
