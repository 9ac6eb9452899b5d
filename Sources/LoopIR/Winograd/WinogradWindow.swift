/// Winograd's algorithm for windows of rows and columns: a transform for each direction, one after the other. Windows are
/// squares, or strips: one row or one column of taps, which is transformed along its length only.
package struct WinogradWindow: Hashable, Sendable {
  package let rows: WinogradTransform
  package let columns: WinogradTransform

  /// A square.
  package init(_ transform: WinogradTransform) { (rows, columns) = (transform, transform) }

  /// nil where there are no points for that many outputs, and for windows that are neither squares nor strips.
  /// - Parameters:
  ///   - outputs: of a tile, in each direction that has more than one tap.
  ///   - taps: rows and columns of the window.
  package init?(outputs: Int, taps: (rows: Int, columns: Int)) {
    guard taps.rows == taps.columns || min(taps.rows, taps.columns) == 1, max(taps.rows, taps.columns) > 1,
      let rows = WinogradTransform(outputs: taps.rows == 1 ? 1 : outputs, taps: taps.rows),
      let columns = WinogradTransform(outputs: taps.columns == 1 ? 1 : outputs, taps: taps.columns)
    else { return nil }
    (self.rows, self.columns) = (rows, columns)
  }

  package var isStrip: Bool { rows != columns }

  /// Outputs of a tile in each direction that has more than one tap, and these taps.
  package var outputs: Int { max(rows.outputs, columns.outputs) }
  package var taps: Int { max(rows.taps, columns.taps) }

  /// Multiplications for a tile, and pixels that it reads.
  package var size: Int { rows.size * columns.size }
  /// Multiplications for a tile by the direct sum.
  package var directSize: Int { rows.outputs * columns.outputs * rows.taps * columns.taps }

  /// G ⊗ G: multiplied with the taps of a filter, in row-major order, it gives G g Gᵀ.
  package var filterMatrix: [[Double]] {
    let (rows, columns) = (rows.filter.map { $0.map(\.double) }, columns.filter.map { $0.map(\.double) })
    return rows.flatMap { a in columns.map { b in a.flatMap { x in b.map { x * $0 } } } }
  }

  /// How much larger than the products of a direct convolution the terms get that cancel each other, at most.
  package var growth: Double { rows.growth * columns.growth }

  /// The error to be expected in single precision, relative to the largest result: as many roundings as terms grow.
  package var expectedError: Double { growth * 0x1p-24 }

  /// Elements that filters `[o, c, rows, columns]` have when they are transformed.
  package func filterCount(of shape: [Int]) -> Int {
    shape.count == 4 && shape[2] == rows.taps && shape[3] == columns.taps ? shape[0] * shape[1] * size : 0
  }

  /// What the comment of a kernel says of it.
  package var note: String {
    "in tiles of \(rows.outputs)x\(columns.outputs) by Winograd's algorithm: \(size) multiplications instead of "
      + "\(directSize), an error of about \(Int(growth)) roundings"
  }
}
