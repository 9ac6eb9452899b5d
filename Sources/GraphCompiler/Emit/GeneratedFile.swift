import TensorFiles

/// A file that the compiler makes.
package struct GeneratedFile: Sendable {
  private enum Source: Sendable {
    case text(String)
    case weights(WeightsBlob)
  }

  /// Relative to the folder of the output.
  package var path: String
  private let source: Source

  package init(_ path: String, _ text: String) {
    self.path = path
    source = .text(text)
  }

  /// A file whose bytes are made when it is written.
  package init(_ path: String, _ weights: WeightsBlob) {
    self.path = path
    source = .weights(weights)
  }

  package var byteCount: Int {
    switch source {
    case .text(let text): text.utf8.count
    case .weights(let weights): weights.byteCount
    }
  }

  /// All bytes, in memory.
  package var contents: [UInt8] {
    switch source {
    case .text(let text): Array(text.utf8)
    case .weights(let weights): weights.bytes
    }
  }

  package func write(to sink: FileSink) throws(TensorFileError) {
    switch source {
    case .text(let text): try sink.write(text)
    case .weights(let weights):
      try weights.write { (bytes, offset) throws(TensorFileError) in try sink.write(bytes, at: offset) }
    }
  }
}
