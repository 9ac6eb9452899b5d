import Datasets
import Foundation
import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles
import Testing

@testable import graphc

/// Training with everything around it, on the engine of the tests. What is printed goes to nobody's terminal.
@Suite struct TrainSessionTests {
  private let folder: Workspace

  init() throws {
    folder = try Workspace()
    let data = try threeClasses(200)
    try folder.write("x.npy", data.columns[0])
    try folder.write("label.npy", data.columns[1])
  }

  private func engine() -> SoftmaxEngine { SoftmaxEngine(shape: [3], classes: 3, batch: 10) }

  /// A session on the data of the folder.
  /// - Parameter line: further options; names of files are those in the folder if they begin with '@'.
  private func session(_ engine: SoftmaxEngine, _ line: String = "") throws -> TrainSession {
    let words = "train net --data @x.npy,@label.npy \(line)".replacing("@", with: folder.path("") + "/")
    let parsed = try Tool.spec(Tool.allCommands).parse(words.split(separator: " ").map(String.init))
    guard case .run(let arguments) = parsed else { preconditionFailure("not a command line") }
    let options = try TrainOptions(arguments)
    let settings = try TrainSettings(options)
    let console = Console(outputColors: .none, errorColors: .none, showsProgress: false, width: 80)
    let graph = try engine.graph
    let files = try TrainFiles(options, channels: nil, console: console)
    return try TrainSession(
      engine, graph, files, options, settings, outputs: try TrainOutputs(options), console: console)
  }

  private func weights(_ name: String) throws -> [Float] {
    try #require(SafetensorsFile.read(folder.path(name))["fc1.weight"]).floats()
  }

  @Test func writesWhatIsAskedFor() throws {
    let engine = engine()
    let session = try session(
      engine,
      "--epochs 4 --split 0.2 --out @best --last @last --checkpoint @state --report @report --test @x.npy,@label.npy"
    )
    #expect(try session.run() == .success)
    #expect(
      try folder.contents() == [
        "best", "label.npy", "last", "report", "report/confusion.svg", "report/curves.svg", "state", "x.npy",
      ])
    let state = try Checkpoint(reading: folder.path("state"))
    #expect(state.state.history.count == 4 && state.identity.trainingSamples == 160)
    let last = self.engine()
    try last.restore(state.snapshot)
    #expect(try weights("last") == last.weights)
    try last.restore(#require(state.state.best).snapshot)
    #expect(try weights("best") == last.weights && weights("best") == engine.weights)
    #expect(
      try String(contentsOfFile: folder.path("report/confusion.svg"), encoding: .utf8).contains(
        "of 200 right"))
  }

  @Test func withoutDataHeldOutTheLastAreTheBest() throws {
    #expect(try session(engine(), "--epochs 2 --out @best --last @last").run() == .success)
    #expect(try weights("best") == weights("last"))
  }

  @Test func interruptedAndResumed() throws {
    let options = "--epochs 3 --split 0.1 --seed 5"
    #expect(try session(engine(), "\(options) --out @whole --last @whole-last").run() == .success)
    var asked = 0
    let isFinished = try session(engine(), "\(options) --out @part.safetensors --report @report").train {
      asked += 1
      return asked > 40
    }
    #expect(!isFinished)
    #expect(
      try folder.contents().contains("part.checkpoint") && folder.contents().contains("report/curves.svg"))
    // Seed and split are those of the checkpoint.
    let resumed = try session(
      engine(), "--epochs 3 --resume @part.checkpoint --out @again --last @again-last")
    #expect(try resumed.run() == .success)
    #expect(try weights("again") == weights("whole") && weights("again-last") == weights("whole-last"))
    let state = try Checkpoint(reading: folder.path("part.checkpoint")).state
    #expect(state.history.count == 3)
  }

  @Test func aFinishedRunWritesItsBestAgain() throws {
    #expect(try session(engine(), "--epochs 3 --split 0.1 --out @best --checkpoint @state").run() == .success)
    #expect(
      try session(engine(), "--epochs 3 --resume @state --out @again --report @report").run() == .success)
    #expect(try weights("again") == weights("best"))
    #expect(try folder.contents().contains("report/confusion.svg"))
  }

  @Test(arguments: ["--seed 6", "--batch 20 --seed 5", "--split 0.5", "--validation @x.npy,@label.npy"])
  func aCheckpointOfAnotherRun(_ change: String) throws {
    #expect(try session(engine(), "--seed 5 --split 0.1 --checkpoint @state").run() == .success)
    let before = try Checkpoint(reading: folder.path("state"))
    let batch = change.contains("batch") ? 20 : 10
    let error = #expect(throws: TensorFileError.self) {
      try session(SoftmaxEngine(shape: [3], classes: 3, batch: batch), "--resume @state \(change)")
    }
    #expect(error?.message == "the checkpoint is of another run")
    #expect(try Checkpoint(reading: folder.path("state")) == before)
  }

  @Test func aBrokenLossKeepsTheLastGoodCheckpoint() throws {
    let engine = engine()
    engine.breaksAtStep = 45
    let session = try session(engine, "--epochs 5 --checkpoint @state --out @best")
    let error = #expect(throws: CompileError.self) { _ = try session.run() }
    #expect(error?.diagnostics.first?.message == "the loss is nan at step 45, in epoch 3")
    #expect(try Checkpoint(reading: folder.path("state")).state.history.count == 2)
    #expect(try folder.contents() == ["best", "label.npy", "state", "x.npy"])
  }

  @Test func aFullDiskLeavesNoPartialFile() throws {
    let error = #expect(throws: TensorFileError.self) {
      _ = try session(engine(), "--checkpoint /dev/full").run()
    }
    #expect(error?.headline == "cannot write the file: the disk is full")
    #expect(try folder.contents() == ["label.npy", "x.npy"])
  }

  @Test(arguments: ["--out", "--last", "--checkpoint"]) func placesThatCannotBeWritten(_ option: String)
    throws
  {
    let error = #expect(throws: TensorFileError.self) {
      _ = try session(engine(), "\(option) @no/folder/file")
    }
    #expect(error?.headline == "cannot write the file: no such file or folder")
    #expect(throws: TensorFileError.self) { _ = try session(engine(), "--report @x.npy") }
    #expect(try folder.contents() == ["label.npy", "x.npy"])
  }

  @Test func dataThatAreTooFew() throws {
    let engine = SoftmaxEngine(shape: [3], classes: 3, batch: 201)
    let error = #expect(throws: TensorFileError.self) { _ = try session(engine) }
    #expect(error?.headline == "expected at least 201 samples to train on, a batch: found 200")
    #expect(error?.cure == "make batches smaller: '--batch 200'")
    let share = #expect(throws: TensorFileError.self) { _ = try session(self.engine(), "--split 0.001") }
    #expect(share?.headline == "a share of 0.001 of 200 samples holds out 0")
  }

  @Test(arguments: [
    ("--split 0.1 --validation x,y", "options '--validation' and '--split' exclude each other"),
    ("--split 1", "option '--split' wants a number between 0 and 1, found '1'"),
    ("--rate -1", "option '--rate' wants a number of at least 0, found '-1'"),
    ("--rate nan", "option '--rate' wants a number of at least 0, found 'nan'"),
    ("--scale 0", "option '--scale' wants a number other than 0, found '0'"),
    ("--batch 0", "option '--batch' wants an integer from 1 to 1000000, found '0'"),
    ("--out a --checkpoint a", "options '--out' and '--checkpoint' name the same file"),
  ])
  func wrongUsage(_ line: String, _ message: String) {
    #expect(throws: UsageError.self) { _ = try session(engine(), line) }
    do { _ = try session(engine(), line) } catch { #expect((error as? UsageError)?.message == message) }
  }
}

@Suite struct TrainingTextTests {
  @Test func numbers() {
    #expect(TrainingText.number(0.34214) == "0.3421" && TrainingText.number(12.345) == "12.35")
    #expect(TrainingText.number(1234.5) == "1235" && TrainingText.number(0) == "0.0000")
    #expect(TrainingText.number(3.1e-6) == "3.10e-06" && TrainingText.number(.nan) == "nan")
    #expect(TrainingText.rate(0.01) == "0.01" && TrainingText.rate(1) == "1" && TrainingText.rate(0) == "0")
    #expect(TrainingText.rate(0.00125) == "0.00125" && TrainingText.rate(1e-5) == "1.00e-05")
    #expect(TrainingText.grouped(9120.4) == "9,120" && TrainingText.grouped(.infinity) == "?")
    #expect(TrainingText.duration(42) == "0:42" && TrainingText.duration(11220) == "3:07:00")
    #expect(TrainingText.duration(.infinity) == "27777:46:40" && TrainingText.duration(-3) == "0:00")
  }

  @Test func linesOfEpochs() {
    let record = EpochRecord(
      rate: 0.01, loss: 0.3421, accuracy: 0.8754, validationLoss: 0.3, validationAccuracy: 0.891)
    #expect(
      TrainingText.epoch(3, of: 10, record)
        == "epoch  3/10  loss 0.3421  accuracy 87.54 %  validation loss 0.3000  accuracy 89.10 %  rate 0.01")
    #expect(TrainingText.epoch(3, of: 3, EpochRecord(rate: 1, loss: 2)) == "epoch 3/3  loss 2.0000  rate 1")
  }

  @Test func confusions() {
    var matrix = ConfusionMatrix(classCount: 2)
    for _ in 0..<12 { matrix.add(truth: 0, said: 0) }
    matrix.add(truth: 1, said: 0)
    #expect(
      TrainingText.confusion(matrix, ["cat", "dog"], width: 80)
        == """
               cat  dog
          cat   12    0
          dog    1    0

        """)
    #expect(TrainingText.confusion(matrix, ["cat", "dog"], width: 10) == "dog taken for cat: 1 of 1\n")
  }
}
