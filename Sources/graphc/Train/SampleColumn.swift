import GraphCompiler
import TensorFiles

/// All samples of one input of the network, and how they become its numbers.
struct SampleColumn {
  /// How numbers of files become numbers of the input: `(x / divisor - mean) / deviation`, by channel.
  struct Scaling {
    var divisor = 1.0
    var mean: [Double] = []
    var deviation: [Double] = []

    var isIdentity: Bool { divisor == 1 && mean.isEmpty && deviation.isEmpty }

    func scaled(_ value: Double, channel: Int) -> Double {
      let shifted = value / divisor - (mean.isEmpty ? 0 : mean[min(channel, mean.count - 1)])
      return deviation.isEmpty ? shifted : shifted / deviation[min(channel, deviation.count - 1)]
    }
  }

  /// Bytes of one sample in the type of the input.
  let sampleByteCount: Int
  private let source: StoredTensor
  /// For each channel what every byte of the source becomes; empty where the source has the input's type already.
  private let tables: [[Float]]
  private let channels: Int
  private let height: Int
  private let width: Int
  private let elementSize: Int
  /// For each channel the element that a 0 of the file becomes.
  private let zeros: [[UInt8]]

  /// - Parameters:
  ///   - column: as many elements a sample as the type asks for.
  ///   - type: of the input; axis 0 is the batch.
  init(_ column: StoredTensor, _ type: TensorType, _ scaling: Scaling) throws(TensorFileError) {
    let extents = type.shape.dropFirst()
    channels = extents.first ?? 1
    width = extents.count == 3 ? extents[extents.endIndex - 1] : 1
    let rest = extents.dropFirst().reduce(1, *)
    height = width > 0 ? rest / width : 0
    elementSize = type.element.byteCount
    sampleByteCount = extents.reduce(1, *) * elementSize
    let element = type.element.stored
    let count = channels
    let scalar = { (value: Double, channel: Int) in Float(scaling.scaled(value, channel: channel)) }
    let isLooked = element == .f32 && column.element == .u8
    tables = isLooked ? (0..<count).map { channel in (0..<256).map { scalar(Double($0), channel) } } : []
    if isLooked {
      source = column
    } else if scaling.isIdentity {
      source = try column.converted(to: element)
    } else {
      let plane = max(1, rest)
      let values = column.doubles().enumerated().map { place, value in
        scaling.scaled(value, channel: place / plane % max(1, count))
      }
      source = try StoredTensor(shape: column.shape, values).converted(to: element)
    }
    let corners = (0..<count).map { scaling.isIdentity ? 0 : scaling.scaled(0, channel: $0) }
    zeros = try corners.map { corner throws(TensorFileError) in
      try StoredTensor(shape: [1], [corner]).converted(to: element).bytes
    }
  }

  /// Writes the numbers of a sample to `sampleByteCount` bytes.
  func write(_ sample: Int, _ variation: Variation, to target: UnsafeMutableRawBufferPointer) {
    source.withBytes { bytes in
      let size = tables.isEmpty ? elementSize : 1
      let count = channels * height * width
      let own = UnsafeRawBufferPointer(rebasing: bytes[sample * count * size..<(sample + 1) * count * size])
      if variation == Variation() {
        copy(own, to: target)
      } else {
        copy(own, variation, to: target)
      }
    }
  }

  private func copy(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer) {
    if tables.isEmpty { return target.copyMemory(from: source) }
    let plane = height * width
    for channel in 0..<channels {
      tables[channel].withUnsafeBufferPointer { table in
        for place in channel * plane..<(channel + 1) * plane {
          target.storeBytes(of: table[Int(source[place])], toByteOffset: 4 * place, as: Float.self)
        }
      }
    }
  }

  private func copy(
    _ source: UnsafeRawBufferPointer, _ variation: Variation, to target: UnsafeMutableRawBufferPointer
  ) {
    var place = 0
    for channel in 0..<channels {
      for row in 0..<height {
        for column in 0..<width {
          let (y, x) = (
            row + variation.row, (variation.isMirrored ? width - 1 - column : column) + variation.column
          )
          let isInside = y >= 0 && y < height && x >= 0 && x < width
          let from = isInside ? (channel * height + y) * width + x : nil
          put(from, of: source, channel, at: place * elementSize, in: target)
          place += 1
        }
      }
    }
  }

  private func put(
    _ place: Int?, of source: UnsafeRawBufferPointer, _ channel: Int, at offset: Int,
    in target: UnsafeMutableRawBufferPointer
  ) {
    if let place, !tables.isEmpty {
      target.storeBytes(of: tables[channel][Int(source[place])], toByteOffset: offset, as: Float.self)
    } else if let place {
      for byte in 0..<elementSize { target[offset + byte] = source[place * elementSize + byte] }
    } else {
      for byte in 0..<elementSize { target[offset + byte] = zeros[channel][byte] }
    }
  }
}
