/// The gradient by the weights of a convolution with stride 1, by Winograd's algorithm. In
///
///     w[o,c,p,q] = sum(n,i,j) dy[n,o,i,j] * x[n,c,i+p,j+q]
///
/// every small tile of `dy` is a filter whose results are the gradients by the few taps `p` and `q`:
///
///     d[s,o,T n + t] = G dy Gᵀ          size x size numbers s for each of T tiles t of image n
///     v[s,c,T n + t] = Bᵀ x Bᵀᵀ
///     m[s,o,c] = sum(n,t) d[s,o,T n + t] * v[s,c,T n + t]
///     w[o,c] = Aᵀ m Aᵀᵀ
///
/// Both factors are in blocks of channels, with margins wide enough for every tile. (Lavin and Gray, "Fast Algorithms for
/// Convolutional Neural Networks", 2015, name F(3x3, 2x2) for the same purpose.)
package struct WinogradWeightGradient {
  /// Its outputs are the taps of the convolution, its taps a side of the tiles of `dy`.
  package let transform: WinogradTransform
  /// The same for both directions.
  package var window: WinogradWindow { WinogradWindow(transform) }
  package let equation: Equation
  /// The factors of the sum.
  package let outputs: Access
  package let pixels: Access
  private let batch: Axis
  private let pads: [Int]
  /// Tiles in each direction.
  private let counts: [Int]

  /// nil where the equation has no such sum over all pixels of `dy`, with square windows.
  /// - Parameter tile: side of the tiles of `dy`.
  package init?(_ equation: Equation, tile: Int) {
    guard equation.axes.count == 4, let (sums, body) = equation.value.onlySum, sums.count == 3,
      case .binary(.multiply, .read(let dy), .read(let x)) = body, dy.tensor.rank == 4, x.tensor.rank == 4,
      let transform = WinogradTransform(outputs: equation.axes[2].extent, taps: tile)
    else { return nil }
    let (axes, images) = (equation.axes, Array(sums[1...]))
    guard axes[2].extent == axes[3].extent, dy.indices == [sums[0], axes[0], images[0], images[1]].map({ .axis($0) }),
      Array(x.indices.prefix(2)) == [.axis(sums[0]), .axis(axes[1])],
      axes[0].extent.isMultiple(of: Layout.block), axes[1].extent.isMultiple(of: Layout.block),
      dy.outside ?? 0 == 0, x.outside ?? 0 == 0, Array(dy.tensor.shape[2...]) == images.map(\.extent)
    else { return nil }
    var pads: [Int] = []
    for place in [2, 3] {
      let form = LinearForm(x.indices[place])
      guard form.isAffine, form.terms.count == 2, form.factor(of: axes[place]) == 1,
        form.factor(of: images[place - 2]) == 1, form.constant <= 0
      else { return nil }
      pads.append(-form.constant)
    }
    (self.transform, self.equation, outputs, pixels, batch) = (transform, equation, dy, x, sums[0])
    self.pads = pads
    counts = images.map { ($0.extent + tile - 1) / tile }
  }

  private var tile: Int { transform.taps }
  private var placeCount: Int { transform.size * transform.size }
  /// Tiles of an image.
  private var tileCount: Int { counts[0] * counts[1] }

  /// Multiply-adds of the direct sum, and about as many as the algorithm takes the time of: transforming a number takes
  /// that of 16, products that are written and read again that of 12.
  package var costs: (direct: Double, winograd: Double) {
    let tiles = Double(batch.extent * tileCount)
    let (results, channels) = (Double(equation.axes[0].extent), Double(equation.axes[1].extent))
    let (places, pairs) = (Double(placeCount), results * channels)
    let taps = Double(transform.outputs * transform.outputs)
    let sums = equation.value.onlySum?.axes ?? []
    let terms = sums.reduce(1.0) { $0 * Double($1.extent) }
    return (terms * pairs * taps, places * (tiles * pairs + 16 * tiles * (results + channels) + 12 * pairs))
  }

  /// Margins that the tiles need of each factor, those beyond the last row and column included.
  package var margins: (outputs: [Layout.Halo], pixels: [Layout.Halo]) {
    let none = Layout.Halo(before: 0, after: 0)
    func spatial(_ tensor: Tensor, _ pads: [Int], _ size: Int) -> [Layout.Halo] {
      (0..<2).map { place in
        let reach = (counts[place] - 1) * tile + size - pads[place]
        return Layout.Halo(before: pads[place], after: max(0, reach - tensor.shape[2 + place]))
      }
    }
    return (
      [none, none] + spatial(outputs.tensor, [0, 0], tile), [none, none] + spatial(pixels.tensor, pads, transform.size)
    )
  }

  // MARK: what lies between

  /// Elements of the transformed factors and their products.
  package var scratchElements: Int {
    let (d, v, m) = scratch
    return [d, v, m].reduce(0) { $0.addedSaturating(1.multipliedSaturating(by: $1.shape)) }
  }

  /// The transformed factors `[s, channels, tiles]`, and their products `[s, o, c]`. There is room for an odd number of
  /// tiles: numbers of one tile, of which each has another `s`, would often meet in one place of the first cache.
  package var scratch: (d: Tensor, v: Tensor, m: Tensor) {
    let (results, channels) = (equation.axes[0].extent, equation.axes[1].extent)
    let room = batch.extent.multipliedSaturating(by: counts) | 1
    return (
      Tensor("d", .f32, [placeCount, results, room]), Tensor("v", .f32, [placeCount, channels, room]),
      Tensor("m", .f32, [placeCount, results, channels])
    )
  }

  /// The tiles of one block of channels, for each `s`, one behind the other.
  package static var factorLayout: Layout {
    let block = Layout.block
    return Layout(order: [.blocks(1, of: block), .whole(0), .whole(2), .within(1, of: block)])
  }

  /// All products of one block of channels side by side.
  /// - Parameter lanes: 0 or 1, the dimension of the gradient of which blocks lie innermost.
  package static func productLayout(lanes: Int) -> Layout {
    let (block, dimension) = (Layout.block, lanes + 1)
    return Layout(
      order: [.whole(3 - dimension), .blocks(dimension, of: block), .whole(0), .within(dimension, of: block)])
  }

  /// The products, as the contraction that they are.
  package var product: Equation {
    let (d, v, m) = scratch
    let (s, o, c) = (Axis("s", placeCount), Axis("o", m.shape[1]), Axis("c", m.shape[2]))
    let (n, t) = (Axis("n", batch.extent), Axis("t", tileCount))
    let place = n * tileCount + t
    return Equation(m, [s, o, c], reduce(.sum, [n, t], d[[.axis(s), .axis(o), place]] * v[[.axis(s), .axis(c), place]]))
  }

  // MARK: loops

  /// Loops that transform the tiles of `dy`.
  package var transformingOutputs: [Statement] {
    transforming(outputs.tensor, transform.filter, [0, 0], into: scratch.d)
  }

  /// Loops that transform the tiles of `x`.
  package var transformingPixels: [Statement] {
    transforming(pixels.tensor, transform.data, pads, into: scratch.v)
  }

  private func transforming(
    _ image: Tensor, _ matrix: [[Rational]], _ pads: [Int], into target: Tensor
  ) -> [Statement] {
    let n = Axis("n", batch.extent)
    let (block, lane) = (Axis("c0", target.shape[1] / Layout.block), Axis("c1", Layout.block))
    let (row, column) = (Axis("row", counts[0]), Axis("column", counts[1]))
    let channel = block.place * Layout.block + lane
    let (top, left) = (row.place * tile - pads[0], column.place * tile - pads[1])
    let place = n.place * tileCount + row.place * counts[1] + column.place
    let product = TwoSidedProduct(rows: matrix, columns: matrix, names: (given: "x", between: "e", result: "z"))
    let statements = product.statements(
      given: { image[[n.place, channel, top + $0, left + $1]] },
      storing: { a, b, value in
        [.store(Access(target, [.constant(a * transform.size + b), channel, place]), value)]
      })
    return [Self.nest([n, block, row, column], lane, statements)]
  }

  /// Loops that transform the products back, and write the gradients.
  /// - Parameter lanes: 0 or 1, the dimension of the gradient that vectors walk.
  package func transformingBack(lanes: Int) -> [Statement] {
    let other = Axis(lanes == 0 ? "c" : "o", equation.axes[1 - lanes].extent)
    let names = lanes == 0 ? ("o0", "o1") : ("c0", "c1")
    let (block, lane) = (Axis(names.0, equation.axes[lanes].extent / Layout.block), Axis(names.1, Layout.block))
    let channel = block.place * Layout.block + lane
    let channels = lanes == 0 ? [channel, other.place] : [other.place, channel]
    let product = TwoSidedProduct(
      rows: transform.result, columns: transform.result, hasPairsOfColumns: true,
      names: (given: "m", between: "r", result: "w"))
    let statements = product.statements(
      given: { scratch.m[[.constant($0 * transform.size + $1)] + channels] },
      storing: { a, b, value in
        [.store(Access(equation.result, channels + [.constant(a), .constant(b)]), value)]
      })
    return [Self.nest([other, block], lane, statements)]
  }

  private static func nest(_ axes: [Axis], _ lane: Axis, _ body: [Statement]) -> Statement {
    let vector = Statement.loop(Loop(lane, kind: .vector, nameRepeatedReads(body)))
    return axes.filter { $0.extent != 1 }.reversed().reduce(vector) { .loop(Loop($1, [$0])) }
  }
}

extension Axis {
  /// The axis as a position: 0 where it has one place, and so no loop.
  fileprivate var place: Index { extent == 1 ? .constant(0) : .axis(self) }
}
