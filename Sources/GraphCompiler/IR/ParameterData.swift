extension ParameterSource {
  /// The elements of a parameter: those that are known, or the sample of its initializer for its name.
  package func data(_ name: String, _ type: TensorType) -> TensorData {
    switch self {
    case .data(let data): data
    case .initializer(let initializer): initializer.sample(type, name: name)
    }
  }
}
