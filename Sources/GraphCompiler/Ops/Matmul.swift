import LoopIR

/// Matrix product with NumPy's rules: leading axes broadcast; an operand of rank 1 is a row on the left, a
/// column on the right, and its axis is gone from the result.
struct Matmul: PrimitiveOp {
  static let name = "matmul"
  static let summary = "y[…,i,j] = sum(k) a[…,i,k] * b[…,k,j]; leading axes broadcast"
  static let onnx: [ONNXRule] = [reads("MatMul")]
  static let operands = [Operand("a"), Operand("b")]
  static let examples = [
    "matmul(f32[2, 3], f32[3, 4])", "matmul(f32[2, 1, 3, 4], f32[5, 4, 2])", "matmul(f32[3], f32[3])",
    "matmul(f32[3], f32[2, 3, 4])", "matmul(f32[2, 4, 3], f32[3])",
  ]

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let (a, b) = (operands[0], operands[1])
    for (place, operand) in operands.enumerated() {
      try Self.require(.number, operand, operand: place)
      guard operand.rank >= 1 else {
        throw OpError("'matmul' takes rank 1 or more, found \(operand)", at: .operand(place), help: "use mul")
      }
    }
    let (rows, columns) = (a.shape.dropLast(), b.rank == 1 ? b.shape[...] : b.shape.dropLast())
    guard a.shape.last == columns.last else {
      throw OpError(
        "\(a) and \(b) do not multiply: the last axis of 'a' has extent \(a.shape[a.rank - 1]), "
          + "the axis of 'b' that it meets \(columns.last ?? 0)", at: .operand(1), help: "use transpose")
    }
    let batch = try Broadcasting.shape([Array(rows.dropLast()), Array(columns.dropLast())])
    let matrix = (a.rank == 1 ? [] : [a.shape[a.rank - 2]]) + (b.rank == 1 ? [] : [b.shape[b.rank - 1]])
    return [TensorType(try Self.requireSame(operands.map(\.element)), batch + matrix)]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (a, b, y) = (operands[0], operands[1], results[0])
    let matrixRank = (a.rank == 1 ? 0 : 1) + (b.rank == 1 ? 0 : 1)
    let batchRank = y.rank - matrixRank
    let batchNames = batchRank == 1 ? ["n"] : batchRank == 2 ? ["n", "c"] : (0..<batchRank).map { "a\($0)" }
    let batch = Equation.axes(batchNames, y.shape)
    let row = a.rank == 1 ? [] : [Axis("i", a.shape[a.rank - 2])]
    let column = b.rank == 1 ? [] : [Axis("j", b.shape[b.rank - 1])]
    let k = Axis("k", a.shape[a.rank - 1])
    let left = Self.places(of: a, skipping: row.count + 1, in: batch) + (row + [k]).map(\.index)
    let right = Self.places(of: b, skipping: column.count + 1, in: batch) + ([k] + column).map(\.index)
    return [Equation(y, batch + row + column, reduce(.sum, [k], a[left] * b[right]))]
  }

  /// Positions of an operand's leading axes, aligned at their end with those of the result.
  private static func places(of operand: Tensor, skipping matrixRank: Int, in batch: [Axis]) -> [Index] {
    let extents = operand.shape.dropLast(matrixRank)
    return zip(extents, batch.suffix(extents.count)).map { $0 == 1 ? .constant(0) : .axis($1) }
  }
}
