import SourceText
import TensorFiles

/// `--labels`, `--classes` and `--show`: the network is a classifier.
struct ClassificationOptions {
  let labelsPath: String?
  let classes: ClassNames?
  /// How many samples are drawn.
  let pictureCount: Int

  /// Nil where none of the options is given.
  init?(_ arguments: ParsedArguments) throws(UsageError) {
    labelsPath = arguments.value(of: "labels")
    classes = arguments.value(of: "classes").map(ClassNames.init)
    pictureCount = try arguments.integer(of: "show", in: 1...1000) ?? 0
    if labelsPath == nil, classes == nil, pictureCount == 0 { return nil }
  }

  func readLabels() throws(TensorFileError) -> StoredTensor? {
    guard let labelsPath else { return nil }
    return try NumpyFile.read(labelsPath)
  }

  func classify(
    _ outputs: [(name: String, tensor: StoredTensor)], _ labels: StoredTensor?
  ) throws -> Classification {
    guard let (name, scores) = outputs.first, scores.shape.count >= 1, scores.elementCount > 0 else {
      throw CompileError(
        "no-scores", "expected scores of classes as the first output, [N, classes]", at: .unknown)
    }
    let samples = scores.shape.count == 1 ? 1 : scores.shape[0]
    let classCount = scores.elementCount / samples
    return Classification(
      predictions: scores.largestPositions(samples, classCount),
      labels: try labels.map { try checked($0, samples, classCount) },
      names: try classes?.names(count: classCount, of: name) ?? (0..<classCount).map { "class \($0)" },
      listsSamples: labels == nil && pictureCount == 0)
  }

  private func checked(_ labels: StoredTensor, _ samples: Int, _ classCount: Int) throws -> [Int] {
    guard labels.elementCount == samples else {
      throw TensorFileError(
        labels.path, "expected \(Quantities.counted(samples, "label")), found \(labels.elementCount)")
    }
    let numbers = try labels.int64s()
    if let place = numbers.firstIndex(where: { $0 < 0 || $0 >= classCount }) {
      throw TensorFileError(
        labels.path, "expected labels from 0 to \(classCount - 1), found \(numbers[place]) at place \(place)")
    }
    return numbers.map { Int($0) }
  }

  /// The first samples with their classes, nil where none are wanted.
  func pictures(of inputs: InputFiles, _ classified: Classification, _ console: Console) throws -> String? {
    guard pictureCount > 0 else { return nil }
    let count = classified.predictions.count
    guard
      let images = inputs.tensors.lazy.compactMap({ ImageBatch($0.tensor) }).first(where: {
        $0.count == count
      })
    else {
      throw CompileError(
        "no-images",
        "'--show' wants an input with \(Quantities.counted(count, "image")), [N, 1 or 3, height, width]",
        at: .unknown)
    }
    let captions = (0..<min(pictureCount, count)).map { classified.caption($0) }
    return PictureSheet(images, captions, console).text
  }
}

/// What a classifier said, sample by sample.
struct Classification {
  /// Class with the largest score.
  let predictions: [Int]
  let labels: [Int]?
  let names: [String]
  /// Whether the text has a line for each sample.
  let listsSamples: Bool

  private var rightCount: Int { zip(predictions, labels ?? []).count { $0 == $1 } }

  var text: String {
    if listsSamples {
      return predictions.enumerated().map { "sample \($0): \(names[$1])\n" }.joined()
    }
    guard labels != nil else { return "" }
    let share = Quantities.fixed(100 * Double(rightCount) / Double(predictions.count), 2)
    return "accuracy \(share) % (\(rightCount) of \(predictions.count))\n"
  }

  /// Prediction, and truth where it differs.
  func caption(_ sample: Int) -> PictureSheet.Caption {
    let name = names[predictions[sample]]
    guard let label = labels?[sample] else { return .init(text: name, verdict: .unknown) }
    if label == predictions[sample] { return .init(text: name, verdict: .right) }
    return .init(text: "\(name) (true: \(names[label]))", verdict: .wrong)
  }

  /// For the JSON report.
  var members: [(String, JSON)] {
    var members: [(String, JSON)] = [("predictions", .array(predictions.map { .int($0) }))]
    if labels != nil {
      members.append(("right", .int(rightCount)))
      members.append(("samples", .int(predictions.count)))
    }
    return members
  }
}

/// Names of classes, from the command line or a file.
struct ClassNames {
  /// `cat,dog`, or a path.
  let argument: String

  init(_ argument: String) { self.argument = argument }

  func names(count: Int, of output: String) throws(TensorFileError) -> [String] {
    let isList = argument.contains(",")
    let text =
      isList ? argument : try MappedFile(path: argument).withBytes { String(decoding: $0, as: UTF8.self) }
    var names = text.split(separator: isList ? "," : "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingSpace.escapingControls }
    while names.last == "" { names.removeLast() }
    guard names.count == count else {
      let origin = isList ? "--classes" : argument
      throw TensorFileError(
        origin,
        "expected \(Quantities.counted(count, "class name")) for output '\(output)', found \(names.count)")
    }
    return names
  }
}

extension Substring {
  fileprivate var trimmingSpace: String {
    let isSpace: (Character) -> Bool = { $0.isWhitespace }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}

extension StoredTensor {
  /// For every row of scores the position of the largest, the first of equals; not-a-number never wins.
  fileprivate func largestPositions(_ rows: Int, _ columns: Int) -> [Int] {
    let scores = doubles()
    return (0..<rows).map { row in
      var best = 0
      var largest = -Double.infinity
      for column in 0..<columns where scores[row * columns + column] > largest {
        largest = scores[row * columns + column]
        best = column
      }
      return best
    }
  }
}
