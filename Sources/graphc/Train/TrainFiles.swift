import Datasets
import GraphCompiler
import SourceText
import TensorFiles

/// The data that a run of training reads, as files give them.
struct TrainFiles {
  let training: Dataset
  let validation: Dataset?
  let test: Dataset?

  /// - Parameter channels: of the images that the network takes; nil where it takes none.
  init(_ options: TrainOptions, channels: Int?, console: Console) throws(TensorFileError) {
    var reader = DatasetReader()
    reader.channels = channels
    reader.labelColumns = options.labelColumns
    training = try Self.read(options.data, reader, console)
    reader.classNames = training.classNames
    if case .files(let files) = options.validation {
      validation = try Self.read(files, reader, console)
    } else {
      validation = nil
    }
    test = try options.test.map { argument throws(TensorFileError) in try Self.read(argument, reader, console)
    }
  }

  private static func read(
    _ argument: String, _ reader: DatasetReader, _ console: Console
  ) throws(TensorFileError) -> Dataset {
    var result: Result<Dataset, TensorFileError>?
    console.progress("reading \(argument)") {
      do throws(TensorFileError) { result = .success(try reader.read(argument)) } catch {
        result = .failure(error)
      }
    }
    guard let result else { preconditionFailure("the work was done") }
    return try result.get()
  }

  /// Which samples of the training data are trained on, and which are held out.
  func split(share: Double?, seed: UInt64) throws(TensorFileError) -> (training: [Int], validation: [Int]) {
    guard let share else { return (Array(0..<training.count), []) }
    let count = Int((share * Double(training.count)).rounded())
    guard count > 0, count < training.count else {
      throw TensorFileError(
        training.name,
        "a share of \(share) of \(Quantities.counted(training.count, "sample")) holds out \(count)",
        cure: "give '--split' another share, or '--validation' other data")
    }
    return SampleOrder.split(training.count, validation: count, seed: seed)
  }
}
