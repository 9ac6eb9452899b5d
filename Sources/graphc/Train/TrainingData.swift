import Datasets
import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles

/// What a network takes, as far as data must fit it.
struct DataDemand {
  /// The network's inputs, then those of its train section.
  let inputs: [(name: String, type: TensorType)]
  /// How many of these are the network's own: only they are scaled.
  let ownCount: Int
  /// How many classes the scores tell apart; nil where nothing is classified.
  let classCount: Int?
  let scaling: SampleColumn.Scaling
  /// Labels outside of the classes that the loss knows.
  let ignoredLabels: [Int]

  /// - Parameter divisor: of the command line; it goes before that of the train section.
  init(_ engine: any TrainingEngine, _ graph: Graph, _ augmentation: Augmentation, divisor: Double?) {
    inputs = engine.inputs
    ownCount = graph.inputs.count
    classCount = engine.scores.flatMap { $0.type.rank == 2 ? $0.type.shape[1] : nil }
    scaling = SampleColumn.Scaling(
      divisor: divisor ?? augmentation.divisor ?? 1, mean: augmentation.mean,
      deviation: augmentation.deviation)
    ignoredLabels = graph.ignoredLabels
  }

  /// `'image' and 'label'`.
  var names: String { inputs.map { "'\($0.name)'" }.joined(separator: " and ") }
}

/// Data in the types of the network's inputs.
struct TrainingData {
  let columns: [SampleColumn]
  let count: Int
  /// The class of each sample, -1 for none; nil where nothing is classified.
  let classes: [Int]?

  /// - Throws: where the data do not fit what the network takes.
  init(_ dataset: Dataset, _ demand: DataDemand) throws(TensorFileError) {
    let given = try Self.matched(dataset, demand)
    count = dataset.count
    var columns: [SampleColumn] = []
    var classes: [Int]?
    for (place, column) in given.enumerated() {
      let (name, type) = demand.inputs[place]
      try Self.requireShape(of: column, name, type)
      let isOwn = place < demand.ownCount
      if !isOwn, classes == nil, let classCount = demand.classCount {
        classes = try Self.classes(column, type, classCount, demand.ignoredLabels)
      }
      let isScaled = isOwn && type.element.isFloatingPoint
      columns.append(try SampleColumn(column, type, isScaled ? demand.scaling : SampleColumn.Scaling()))
    }
    self.columns = columns
    self.classes = classes
  }

  /// A column for each input. Labels that the network does not ask for are left out.
  private static func matched(
    _ dataset: Dataset, _ demand: DataDemand
  ) throws(TensorFileError) -> ArraySlice<StoredTensor> {
    let (given, wanted) = (dataset.columns.count, demand.inputs.count)
    if given >= wanted, demand.ownCount == wanted { return dataset.columns[..<wanted] }
    guard given == wanted else {
      let files = wanted == 2 ? "SAMPLES,LABELS" : "FILE" + String(repeating: ",FILE", count: wanted - 1)
      throw TensorFileError(
        dataset.name,
        "expected an array for each of \(demand.names), found \(Quantities.counted(given, "array"))",
        cure: "give \(files)")
    }
    return dataset.columns[...]
  }

  private static func requireShape(
    of column: StoredTensor, _ name: String, _ type: TensorType
  ) throws(TensorFileError) {
    let (wanted, found) = (Array(type.shape.dropFirst()), Array(column.shape.dropFirst()))
    let (foundCount, wantedCount): (Int, Int) = (found.reduce(1, *), wanted.reduce(1, *))
    let isFlat = found.count <= 1 && foundCount == wantedCount
    if isFlat || wanted.filter({ $0 != 1 }) == found.filter({ $0 != 1 }) { return }
    let isChannelsLast = wanted.count == 3 && found == [wanted[1], wanted[2], wanted[0]]
    let isOtherSize = wanted.count == 3 && found.count >= 2
    throw TensorFileError(
      column.path, "expected samples of shape \(wanted) for '\(name)', found \(found)",
      cure: isChannelsLast
        ? "the channels come last: move them to the front" : isOtherSize ? "scale or crop the images" : nil)
  }

  /// The class of each sample: the label itself, or the place of the largest where there is one for each class.
  private static func classes(
    _ column: StoredTensor, _ type: TensorType, _ classCount: Int, _ ignored: [Int]
  ) throws(TensorFileError) -> [Int]? {
    let elements = type.shape.dropFirst().reduce(1, *)
    if type.element.isFloatingPoint {
      guard elements == classCount, classCount > 1 else { return nil }
      let values = column.floats()
      return stride(from: 0, to: values.count, by: classCount).map {
        largestPlace(values[$0..<$0 + classCount])
      }
    }
    guard elements == 1 else { return nil }
    return try column.int64s().enumerated().map { sample, label throws(TensorFileError) in
      if let label = Int(exactly: label), ignored.contains(label) { return -1 }
      guard label >= 0, label < classCount else {
        throw TensorFileError(
          column.path, "expected labels from 0 to \(classCount - 1), found \(label) for sample \(sample)")
      }
      return Int(label)
    }
  }
}

/// The place of the largest number, the first of equals; not-a-number never wins.
func largestPlace(_ numbers: ArraySlice<Float>) -> Int {
  var (best, largest) = (0, -Float.infinity)
  for (place, number) in numbers.enumerated() where number > largest { (best, largest) = (place, number) }
  return best
}

extension Graph {
  /// Labels of samples that the losses do not count.
  fileprivate var ignoredLabels: [Int] {
    (train?.nodes ?? []).flatMap { node -> [Int] in
      let written = node.op.writtenAttributes(types(of: node.operands))
      guard let value = written.first(where: { $0.name == "ignore_index" })?.value else { return [] }
      return (try? [Int](attribute: value)) ?? []
    }
  }
}
