/// A small matrix of numbers multiplied from both sides with constant ones, R x Cᵀ, as statements: first down every
/// column, then along every row of what that gives.
struct TwoSidedProduct {
  let rows: [[Rational]]
  let columns: [[Rational]]
  /// Whether columns of the constant matrices come in pairs that differ in signs, rather than rows.
  var hasPairsOfColumns = false
  /// What names of numbers begin with: of x, between, and of what the result's sums share.
  let names: (given: String, between: String, result: String)

  /// - Parameters:
  ///   - given: the number at a row and a column of x.
  ///   - storing: what becomes of the number at a row and a column of the result.
  func statements(
    given: (Int, Int) -> Scalar, storing: (Int, Int, Scalar) -> [Statement]
  ) -> [Statement] {
    var statements: [Statement] = []
    let heights = rows[0].indices
    let between = columns[0].indices.map { column in
      for row in heights { statements.append(.declare("\(names.given)\(row)\(column)", .f32, given(row, column))) }
      let values = heights.map { Scalar.local("\(names.given)\($0)\(column)", .f32) }
      return rows == [[Rational(1)]] ? values : product(rows, values, column, &statements)
    }
    for row in rows.indices {
      let values = multiply(columns, between.map { $0[row] }, "\(names.result)\(row)", &statements)
      for (column, value) in values.enumerated() { statements += storing(row, column, value) }
    }
    return statements
  }

  /// One column of what lies between, as locals.
  private func product(
    _ matrix: [[Rational]], _ values: [Scalar], _ column: Int, _ statements: inout [Statement]
  ) -> [Scalar] {
    multiply(matrix, values, "\(names.between)\(column)", &statements).enumerated().map { row, value in
      statements.append(.declare("\(names.between)\(row)\(column)", .f32, value))
      return .local("\(names.between)\(row)\(column)", .f32)
    }
  }

  private func multiply(
    _ matrix: [[Rational]], _ values: [Scalar], _ stem: String, _ statements: inout [Statement]
  ) -> [Scalar] {
    hasPairsOfColumns
      ? SharedColumns(matrix: matrix).values(of: values, stem: stem, &statements)
      : MatrixProduct(matrix: matrix).values(of: values, stem: stem, &statements)
  }
}
