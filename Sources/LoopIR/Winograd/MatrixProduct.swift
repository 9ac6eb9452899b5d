/// Products of a constant matrix and a column of values, as statements: what is 0 is left out, what is 1 is not
/// multiplied, and rows that differ in the sign of every other column share the sums of both halves.
struct MatrixProduct {
  let matrix: [[Rational]]

  /// One value for each row; shared sums become locals `STEM_e0` and `STEM_o0` before them.
  func values(of column: [Scalar], stem: String, _ statements: inout [Statement]) -> [Scalar] {
    var values = [Scalar?](repeating: nil, count: matrix.count)
    for (row, partner) in mirroredRows {
      let halves = [0, 1].map { parity in
        sum(matrix[row].enumerated().map { $0.offset % 2 == parity ? $0.element : Rational(0) }, column)
      }
      let names = ["\(stem)_e\(row)", "\(stem)_o\(row)"]
      for (name, half) in zip(names, halves) { statements.append(.declare(name, .f32, half)) }
      let (even, odd) = (Scalar.local(names[0], .f32), Scalar.local(names[1], .f32))
      values[row] = even + odd
      values[partner] = even - odd
    }
    return matrix.indices.map { values[$0] ?? sum(matrix[$0], column) }
  }

  /// Pairs of rows (a0, a1, a2, …) and (a0, -a1, a2, …) in which both halves have something to share.
  private var mirroredRows: [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    for row in matrix.indices.dropLast() where !pairs.contains(where: { $0.1 == row }) {
      let mirrored = matrix[row].enumerated().map { $0.offset % 2 == 0 ? $0.element : -$0.element }
      guard matrix[row] != mirrored,
        let partner = matrix.indices.first(where: { $0 > row && matrix[$0] == mirrored })
      else { continue }
      pairs.append((row, partner))
    }
    return pairs
  }

  private func sum(_ factors: [Rational], _ column: [Scalar]) -> Scalar {
    var sum: Scalar?
    for (factor, value) in zip(factors, column) where factor.numerator != 0 {
      let magnitude = Rational(abs(factor.numerator), factor.denominator)
      let term = magnitude == Rational(1) ? value : .constant(magnitude.double) * value
      if let before = sum {
        sum = factor.numerator > 0 ? before + term : before - term
      } else {
        sum = factor.numerator > 0 ? term : -term
      }
    }
    return sum ?? 0
  }
}

/// The product with the transposed order of sharing: pairs of columns (a0, a1, …)ᵀ and (a0, -a1, …)ᵀ have their values
/// added and subtracted first.
struct SharedColumns {
  let matrix: [[Rational]]

  func values(of column: [Scalar], stem: String, _ statements: inout [Statement]) -> [Scalar] {
    var (column, matrix) = (column, matrix)
    for (first, second) in mirroredColumns {
      let names = ["\(stem)_s\(first)", "\(stem)_d\(first)"]
      statements.append(.declare(names[0], .f32, column[first] + column[second]))
      statements.append(.declare(names[1], .f32, column[first] - column[second]))
      column[first] = .local(names[0], .f32)
      column[second] = .local(names[1], .f32)
      for row in matrix.indices {
        let factor = matrix[row][first]
        matrix[row][first] = row % 2 == 0 ? factor : Rational(0)
        matrix[row][second] = row % 2 == 0 ? Rational(0) : factor
      }
    }
    return MatrixProduct(matrix: matrix).values(of: column, stem: stem, &statements)
  }

  private var mirroredColumns: [(Int, Int)] {
    guard let width = matrix.first?.count else { return [] }
    var pairs: [(Int, Int)] = []
    for first in 0..<width {
      let mirrored = matrix.enumerated().map { $0.offset % 2 == 0 ? $0.element[first] : -$0.element[first] }
      let own = matrix.map { $0[first] }
      guard mirrored != own,
        let second = (first + 1..<width).first(where: { place in matrix.map { $0[place] } == mirrored })
      else { continue }
      pairs.append((first, second))
    }
    return pairs
  }
}
