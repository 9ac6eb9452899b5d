/// A convolution with stride 1 by Winograd's algorithm: blocks of tiles are transformed, multiplied and transformed back
/// while they are in the cache.
///
///     for each block of tiles
///       v[p, c, t] = Bᵀ x Bᵀᵀ        each tile of pixels, size x size numbers p
///       for each group of channels o
///         m[p, o, t] = sum(c) v[p, c, t] * u[o, p, c]
///         y = f(Aᵀ m Aᵀᵀ)            with the rest of the equation: bias, residual, activation
///
/// Input and result are in blocks of channels. The input has margins wide enough for every tile.
package struct WinogradConvolution {
  package let transform: WinogradTransform
  package let equation: Equation
  /// The factors of the sum, and its axis of channels.
  package let pixels: Access
  package let weights: Access
  package let channels: Axis
  package let tiles: WinogradTiles
  /// True where gradients are handed back: filters are transposed, and their taps run backward.
  package let isBackward: Bool

  /// nil where the equation is no convolution of images with square windows and stride 1, alone in its equation.
  package init?(_ equation: Equation, outputs: Int) {
    guard equation.axes.count == 4, let (sums, body) = equation.value.onlySum, sums.count == 3,
      case .binary(.multiply, .read(let x), .read(let w)) = body,
      let transform = WinogradTransform(outputs: outputs, taps: sums[2].extent)
    else { return nil }
    let (axes, taps) = (equation.axes, Array(sums[1...]))
    guard taps[0].extent == taps[1].extent, x.tensor.rank == 4, w.tensor.rank == 4,
      x.indices[0] == .axis(axes[0]) || axes[0].extent == 1, x.indices[1] == .axis(sums[0]),
      Array(w.indices[2...]) == taps.map({ .axis($0) }),
      w.indices[0] == .axis(axes[1]) && w.indices[1] == .axis(sums[0])
        || w.indices[0] == .axis(sums[0]) && w.indices[1] == .axis(axes[1]),
      sums[0].extent.isMultiple(of: Layout.block), axes[1].extent.isMultiple(of: Layout.block)
    else { return nil }
    isBackward = w.indices[0] == .axis(sums[0])
    let direction = isBackward ? -1 : 1
    var pads: [Int] = []
    for (place, axis) in [(2, taps[0]), (3, taps[1])] {
      let form = LinearForm(x.indices[place])
      guard form.isAffine, form.terms.count == 2, form.factor(of: axes[place]) == 1, form.factor(of: axis) == direction
      else { return nil }
      pads.append(isBackward ? transform.taps - 1 - form.constant : -form.constant)
    }
    (self.transform, self.equation, pixels, weights, channels) = (transform, equation, x, w, sums[0])
    tiles = WinogradTiles(
      outputs: outputs, height: axes[2].extent, width: axes[3].extent, pads: pads,
      channels: sums[0].extent + axes[1].extent)
  }

  /// Margins that the tiles need, those beyond the last row and column included.
  package var margins: [Layout.Halo] {
    let extents = pixels.tensor.shape
    let counts = [tiles.rows, tiles.columns]
    let spatial = (0..<2).map { place in
      let reach = (counts[place] - 1) * tiles.outputs + transform.size - tiles.pads[place]
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
    let count = transform.size * transform.size
    return (
      Tensor("v", .f32, [count, channels.extent, tiles.perBlock]),
      Tensor("m", .f32, [count, group, tiles.perBlock])
    )
  }

  /// The transformed weights `[o, p, c]`: filters stay together, so that they can be transformed some at a time.
  package var transformedWeights: Tensor {
    Tensor(weights.tensor.name, .f32, [equation.axes[1].extent, transform.size * transform.size, channels.extent])
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
package struct WinogradTiles: Hashable, Sendable {
  /// Outputs of a tile in each direction.
  package let outputs: Int
  package let rows: Int
  package let columns: Int
  package let pads: [Int]
  package let rowsPerBlock: Int
  private let height: Int
  private let width: Int

  /// - Parameter channels: of input and result together; more of them want more tiles for each pass over the weights.
  init(outputs: Int, height: Int, width: Int, pads: [Int], channels: Int) {
    self.outputs = outputs
    self.pads = pads
    (self.height, self.width) = (height, width)
    rows = (height + outputs - 1) / outputs
    columns = (width + outputs - 1) / outputs
    let wanted = channels <= 128 ? 28 : 56
    let most = max(1, min(rows, wanted / columns))
    let blocks = (rows + most - 1) / most
    rowsPerBlock = (rows + blocks - 1) / blocks
  }

  package var perBlock: Int { rowsPerBlock * columns }
  /// Blocks of that many rows, and the rows of a smaller last one.
  package var fullBlocks: Int { rows / rowsPerBlock }
  package var rest: Int { rows % rowsPerBlock }
  /// True where the last row or column of tiles reaches beyond the image.
  package var overhangs: (rows: Bool, columns: Bool) {
    (!height.isMultiple(of: outputs), !width.isMultiple(of: outputs))
  }
}
