import Foundation
import SourceText
import TensorFiles

/// An example of what generated code is for: finds text on a photograph and draws boxes around it.
@main
enum Main {
  private static let usage = """
    usage: DetectText MODEL.onnx PHOTO.png BOXES.png

    MODEL.onnx is the text detector of PaddleOCR. It and a photograph of a page are in two Python packages:

      python3 -m pip install --no-deps --target pages rapidocr-onnxruntime scikit-image
      swift run -c release DetectText pages/rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx \\
        pages/skimage/data/page.png boxes.png

    """
  /// The longer side of what the network sees, in pixels.
  private static let longSide = 640
  /// The network halves its picture five times.
  private static let multiple = 32

  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 3, let model = arguments.first, let target = arguments.last else {
      exit(2, usage)
    }
    do {
      let photo = Picture(try Image.read(arguments[arguments.startIndex + 1]))
      try detect(photo, model, target)
    } catch let error as CompileError {
      exit(1, DiagnosticRenderer(color: false).render(error.diagnostics))
    } catch let error as TensorFileError {
      exit(1, "error: \(error.headline)\n" + usage)
    } catch {
      exit(1, "error: \(error)\n")
    }
  }

  private static func detect(_ photo: Picture, _ model: String, _ target: String) throws {
    let scale = Double(longSide) / Double(max(photo.width, photo.height))
    let (width, height) = (extent(photo.width, scale), extent(photo.height, scale))
    let detector = try TextDetector(model, width: width, height: height)
    let probabilities = detector.probabilities(photo.resized(width: width, height: height))
    let (x, y) = (Double(photo.width) / Double(width), Double(photo.height) / Double(height))
    let boxes = TextBox.boxes(probabilities, width: width, height: height).map { $0.scaled(x: x, y: y) }
    var picture = photo
    for box in boxes {
      picture.draw(box, stroke: 1)
      print("\(box.left),\(box.top) to \(box.right),\(box.bottom): \(Double(Int(box.score * 1000)) / 1000)")
    }
    try picture.image.write(to: target)
    print("\(boxes.count) boxes in \(target)")
  }

  private static func extent(_ pixels: Int, _ scale: Double) -> Int {
    max(1, Int((Double(pixels) * scale / Double(multiple)).rounded())) * multiple
  }

  private static func exit(_ code: Int32, _ message: String) -> Never {
    FileHandle.standardError.write(Data(message.utf8))
    Foundation.exit(code)
  }
}
