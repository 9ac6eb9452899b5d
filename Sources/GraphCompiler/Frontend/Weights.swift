import SourceText

/// Reads the tensors of a weights file by name.
package typealias WeightsLoader = @Sendable (_ path: String) throws(WeightsError) -> [String: TensorData]

/// Why a weights file could not be read.
package struct WeightsError: Error {
  package var message: String

  package init(_ message: String) { self.message = message }
}

extension Elaborator {
  mutating func readWeights() {
  }
}
