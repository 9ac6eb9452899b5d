extension Graph {
  /// True for constants and parameters, which have the same elements in every run of a trained network.
  func isKnown(_ value: Value) -> Bool {
    switch self[value].source {
    case .constant, .parameter: true
    case .input, .node: false
    }
  }

  /// The elements of a known value. An initializer is sampled as it would be at the start of a run.
  func known(_ value: Value) -> TensorData {
    let info = self[value]
    switch info.source {
    case .constant(let data): return data
    case .parameter(let source): return source.data(info.name, info.type)
    case .input, .node: preconditionFailure("'\(info.name)' is not known at compile time")
    }
  }
}
