import LoopIR
import TensorFiles

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
  private indirect enum Source: Sendable {
    case data(TensorData)
    case random(RandomStream, Distribution)
    /// Filters `[o, c, p, q]` as `[o, place, c]`, for Winograd's algorithm.
    case transformed(ParameterElements, WinogradWindow)
    /// In half precision.
    case halved(ParameterElements)
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

  /// Filters in single precision, `[o, c, p, q]`, as `[o, place, c]`.
  init(_ filters: ParameterElements, transformedBy transform: WinogradWindow) {
    source = .transformed(filters, transform)
    let shape = filters.type.shape
    type = TensorType(.f32, [shape[0], transform.size, shape[1]])
  }

  /// Numbers in single precision as the nearest ones of sixteen bits.
  init(halving elements: ParameterElements) {
    source = .halved(elements)
    type = TensorType(.f16, elements.type.shape)
  }

  /// The first number that rounds to infinity in half precision; nil where there is none, or nothing is rounded.
  package var firstOverflow: Float? {
    guard case .halved(let elements) = source else { return nil }
    return elements.withBytes(of: 0..<type.count) { bytes in
      (0..<type.count).lazy.map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        .first { abs($0) >= Self.halfLimit && $0.isFinite }
    }
  }

  /// From here on, the nearest number of sixteen bits is infinity.
  private static let halfLimit: Float = 65520

  /// All of them.
  package var data: TensorData {
    if case .data(let data) = source { return data }
    return withBytes(of: 0..<type.count) { TensorData(type, bytes: Array($0)) }
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
    case .transformed(let filters, let transform):
      return filters.withTransformedFilters(of: places, transform, type, body)
    case .halved(let elements):
      return elements.withBytes(of: places) { bytes in
        let halves = (0..<places.count).map { place in
          HalfPrecision.half(from: Double(bytes.loadUnaligned(fromByteOffset: 4 * place, as: Float.self)))
        }
        return halves.withUnsafeBytes(body)
      }
    }
  }
}

extension ParameterElements {
  /// Bytes of filters `[o, place, c]`, computed in double precision from whole filters `[o, c, p, q]`.
  fileprivate func withTransformedFilters<Result>(
    of places: Range<Int>, _ transform: WinogradWindow, _ transformed: TensorType,
    _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let (size, channels) = (transformed.shape[1], transformed.shape[2])
    let taps = transform.rows.taps * transform.columns.taps
    let outputs = places.lowerBound / (size * channels)..<(places.upperBound + size * channels - 1) / (size * channels)
    let rows = transform.filterMatrix.map { row in row.enumerated().filter { $0.element != 0 }.map { ($0.offset, $0.element) } }
    let numbers = UnsafeMutableBufferPointer<Float>.allocate(capacity: outputs.count * size * channels)
    let planes = UnsafeMutableBufferPointer<Double>.allocate(capacity: taps * channels)
    defer {
      numbers.deallocate()
      planes.deallocate()
    }
    withBytes(of: outputs.lowerBound * channels * taps..<outputs.upperBound * channels * taps) { bytes in
      for filter in 0..<outputs.count {
        bytes.copyPlanes(of: filter, taps, channels, to: planes)
        for (place, row) in rows.enumerated() {
          let target = UnsafeMutableBufferPointer(rebasing: numbers[((filter * size + place) * channels)...].prefix(channels))
          target.assignSum(row, of: planes)
        }
      }
    }
    let first = places.lowerBound - outputs.lowerBound * size * channels
    return body(UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: numbers[first..<first + places.count])))
  }
}

extension UnsafeRawBufferPointer {
  /// One filter `[c, tap]` in double precision, as `[tap, c]`.
  fileprivate func copyPlanes(of filter: Int, _ taps: Int, _ channels: Int, to planes: UnsafeMutableBufferPointer<Double>) {
    for channel in 0..<channels {
      let first = (filter * channels + channel) * taps
      for tap in 0..<taps {
        planes[tap * channels + channel] = Double(loadUnaligned(fromByteOffset: 4 * (first + tap), as: Float.self))
      }
    }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// Sums of planes times factors, eight elements at a time.
  fileprivate func assignSum(_ terms: [(plane: Int, factor: Double)], of planes: UnsafeMutableBufferPointer<Double>) {
    let bytes = UnsafeRawBufferPointer(planes)
    var place = 0
    while place + 8 <= count {
      var sum = SIMD8<Double>()
      for term in terms {
        let start = (term.plane * count + place) * MemoryLayout<Double>.stride
        sum += term.factor * bytes.loadUnaligned(fromByteOffset: start, as: SIMD8<Double>.self)
      }
      for lane in 0..<8 { self[place + lane] = Float(sum[lane]) }
      place += 8
    }
    while place < count {
      self[place] = Float(terms.reduce(0.0) { $0 + $1.factor * planes[$1.plane * count + place] })
      place += 1
    }
  }
}
