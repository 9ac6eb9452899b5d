import Foundation
import TensorFiles

/// The 256 images of Fashion-MNIST that the repository ships, and what they show.
struct Samples {
  let images: [[Float]]
  let labels: [Int32]
  let classNames: [String]

  /// Reads `graphs/fashion/`.
  init() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("graphs/fashion")
    let pixels = try NumpyFile.read(folder.appendingPathComponent("sample_images_u8.npy").path).floats()
    let numbers = try NumpyFile.read(folder.appendingPathComponent("sample_labels_u8.npy").path).int64s()
    images = stride(from: 0, to: pixels.count, by: Learner.pixelCount).map { start in
      pixels[start..<start + Learner.pixelCount].map { $0 / 255 }
    }
    labels = numbers.map { Int32($0) }
    let names = try String(
      contentsOf: folder.appendingPathComponent("classes.txt"), encoding: .utf8)
    classNames = names.split(separator: "\n").map(String.init)
  }
}
