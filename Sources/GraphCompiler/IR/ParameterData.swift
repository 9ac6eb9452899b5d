import LoopIR

extension ParameterSource {
  /// The elements of a parameter: those that are known, or the sample of its initializer for its name.
  package func data(_ name: String, _ type: TensorType) -> TensorData {
    switch self {
    case .data(let data): data
    case .initializer(let initializer): initializer.sample(type, name: name)
    }
  }
}

/// The elements of a parameter, to be had some at a time: those of a file stay there, and random ones are made when
/// they are asked for, wherever that is possible.
package struct ParameterElements: Sendable {
  private enum Source: Sendable {
    case data(TensorData)
    case random(RandomStream, Distribution)
  }

  private let source: Source
  package let type: TensorType

  package init(_ source: ParameterSource, _ name: String, _ type: TensorType) {
    self.type = type
    if case .initializer(let initializer) = source, type.element == .f32,
      let distribution = initializer.distribution(type.shape)
    {
      self.source = .random(RandomStream(name: name), distribution)
    } else {
      self.source = .data(source.data(name, type))
    }
  }

  /// The little-endian bytes of some elements, in row-major order; the pointer may be unaligned.
  package func withBytes<Result>(
    of places: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    switch source {
    case .data(let data):
      return data.withBytes(of: places, body)
    case .random(let stream, let distribution):
      let numbers = UnsafeMutableBufferPointer<Float>.allocate(capacity: places.count)
      defer { numbers.deallocate() }
      stream.fill(numbers, from: places.lowerBound, distribution)
      return body(UnsafeRawBufferPointer(numbers))
    }
  }
}
