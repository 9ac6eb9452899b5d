import LoopIR

extension Initializer {
  /// First values of a parameter. They depend on the seed, the parameter's name and its type, on nothing
  /// else.
  package func sample(_ type: TensorType, name: String, seed: UInt64 = 0) -> TensorData {
    let stream = RandomStream(seed: seed, name: name)
    if let distribution = distribution(type.shape) {
      switch type.element {
      case .f32: return TensorData(type, .f32(stream.numbers(type.count, distribution)))
      default: return TensorData(type, doubles: stream.numbers(type.count, distribution))
      }
    }
    if case .orthogonal = self { return TensorData(type, doubles: orthonormalRows(type.shape, stream)) }
    return TensorData(type, doubles: [Double](repeating: repeatedValue ?? 0, count: type.count))
  }

  /// From what the elements are drawn one by one; nil where they are all the same, or depend on each other.
  func distribution(_ shape: [Int]) -> Distribution? {
    let fans = Fans(shape)
    return switch self {
    case .uniform(let low, let high): .uniform(low: low, high: high)
    case .normal(let mean, let deviation): .normal(mean: mean, deviation: deviation)
    case .xavierUniform: .uniform(variance: 2 / (fans.input + fans.output))
    case .xavierNormal: .normal(mean: 0, deviation: (2 / (fans.input + fans.output)).squareRoot())
    case .heUniform: .uniform(variance: 2 / fans.input)
    case .heNormal: .normal(mean: 0, deviation: (2 / fans.input).squareRoot())
    case .zeros, .ones, .constant, .orthogonal: nil
    }
  }

  /// What every element is.
  private var repeatedValue: Double? {
    switch self {
    case .zeros: 0
    case .ones: 1
    case .constant(let value): value
    case .uniform, .normal, .xavierUniform, .xavierNormal, .heUniform, .heNormal, .orthogonal: nil
    }
  }
}

/// How many numbers flow into one element of a layer's output, and how many outputs one element of its input
/// reaches: `[O, I, k…]` has I * k… and O * k…. A vector counts as a square matrix.
private struct Fans {
  var input: Double
  var output: Double

  init(_ shape: [Int]) {
    let window = shape.dropFirst(2).reduce(1) { $0 * Double($1) }
    output = max(1, Double(shape.first ?? 1) * window)
    input = max(1, Double(shape.count > 1 ? shape[1] : shape.first ?? 1) * window)
  }
}

/// A matrix of shape[0] rows whose rows (or columns, if these are fewer) are orthonormal, by Gram & Schmidt
/// on normal random numbers. The cost grows with the square of their number, so with more than `block` of
/// them each block is orthonormal in itself.
func orthonormalRows(_ shape: [Int], _ stream: RandomStream, block: Int = 512) -> [Double] {
  let rows = shape.first ?? 1
  let columns = shape.dropFirst().reduce(1, *)
  let (count, length) = (min(rows, columns), max(rows, columns))
  var vectors: [Double] = stream.numbers(count * length, .normal(mean: 0, deviation: 1))
  vectors.withUnsafeMutableBufferPointer { buffer in
    for vector in 0..<count {
      let first = vector - vector % block
      // Twice is enough (Kahan; Parlett 1980): the second pass removes what rounding left.
      for _ in 0..<2 {
        for other in first..<vector { removeProjection(buffer, of: vector, on: other, length) }
      }
      normalize(buffer, vector, length)
    }
  }
  if rows <= columns { return vectors }
  return (0..<rows * columns).map { vectors[$0 % columns * length + $0 / columns] }
}

private func removeProjection(
  _ vectors: UnsafeMutableBufferPointer<Double>, of vector: Int, on other: Int, _ length: Int
) {
  let (a, b) = (vector * length, other * length)
  var product = 0.0
  for place in 0..<length { product += vectors[a + place] * vectors[b + place] }
  for place in 0..<length { vectors[a + place] -= product * vectors[b + place] }
}

private func normalize(_ vectors: UnsafeMutableBufferPointer<Double>, _ vector: Int, _ length: Int) {
  let places = vector * length..<(vector + 1) * length
  let norm = places.reduce(0) { $0 + vectors[$1] * vectors[$1] }.squareRoot()
  if norm > 0 { for place in places { vectors[place] /= norm } }
}
