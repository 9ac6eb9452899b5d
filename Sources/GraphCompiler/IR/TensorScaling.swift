extension TensorData {
  /// Multiplies every element by the number of its place along one dimension, in double precision, rounded once.
  package mutating func scale(by factors: [Double], along dimension: Int) {
    let run = type.shape[(dimension + 1)...].reduce(1, *)
    switch storage.inMemory {
    case .f32(var values):
      // So that the values have one owner, and are changed in place.
      storage = .f32([])
      multiply(&values, by: factors, run) { Float(Double($0) * $1) }
      storage = .f32(values)
    case .f64, .integers, .stored:
      var values = doubles
      multiply(&values, by: factors, run, *)
      self = TensorData(type, doubles: values)
    }
  }
}

/// Runs of neighbours have the same factor; after the last factor comes the first one again.
private func multiply<Value>(
  _ values: inout [Value], by factors: [Double], _ run: Int, _ product: (Value, Double) -> Value
) {
  values.withUnsafeMutableBufferPointer { values in
    for start in stride(from: 0, to: values.count, by: max(run, 1)) {
      let factor = factors[start / run % factors.count]
      for place in start..<start + run { values[place] = product(values[place], factor) }
    }
  }
}
