import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles

/// A detector in the manner of DB (Liao et al. 2020), as PaddleOCR exports it: a picture in, for every pixel
/// the probability that it belongs to text out.
struct TextDetector {
  /// What the model calls its picture: f32[1, 3, height, width], blue, green and red from -1 to 1.
  private static let inputName = "x"

  let width: Int
  let height: Int
  private let network: CompiledNetwork

  /// Compiles the model for pictures of one size.
  init(_ path: String, width: Int, height: Int) throws {
    var options = ONNXImport.Options()
    options.shapes = [Self.inputName: [1, 3, height, width]]
    let model = try ONNXImport.read(MappedFile(path: path), options: options)
    let program = try BuildOptions().program(model.graph)
    let outputs = program.buffers.filter { $0.role == .output }
    guard outputs.count == 1, outputs[0].type.shape == [1, 1, height, width] else {
      throw CompileError(
        "no-text-detector",
        "expected one output f32[1, 1, \(height), \(width)], found \(outputs.map(\.type))",
        at: .unknown, help: "give the text detector of PaddleOCR")
    }
    (self.width, self.height) = (width, height)
    network = try CompiledNetwork(program)
  }

  /// The probability of each pixel, row by row.
  func probabilities(_ picture: Picture) -> [Float] {
    let area = width * height
    var planes = [Float](repeating: 0, count: 3 * area)
    for pixel in 0..<area {
      for channel in 0..<3 {
        planes[(2 - channel) * area + pixel] = picture.samples[3 * pixel + channel] / 127.5 - 1
      }
    }
    let bytes = planes.withUnsafeBytes { Array($0) }
    return network.run([bytes])[0].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }
}
