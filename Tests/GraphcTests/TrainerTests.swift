import Datasets
import GraphCompiler
import KernelRunner
import TensorFiles
import Testing

@testable import graphc

/// Samples of two numbers; the class tells which is larger, or that both are small.
func threeClasses(_ count: Int, seed: UInt64 = 3) throws -> Dataset {
  let stream = RandomStream(seed: seed, name: "samples")
  let numbers = (0..<2 * count).map { Float(stream.words($0)[0] >> 8) * 0x1p-24 }
  let labels = (0..<count).map { sample -> Int32 in
    let (a, b) = (numbers[2 * sample], numbers[2 * sample + 1])
    return a + b < 0.6 ? 2 : a > b ? 0 : 1
  }
  // A third number that is always 1 lets the layer have a bias.
  let samples = (0..<count).flatMap { sample -> [Float] in [numbers[2 * sample], numbers[2 * sample + 1], 1] }
  return try Dataset(
    name: "data",
    columns: [StoredTensor(shape: [count, 3], samples), StoredTensor(shape: [count], labels)],
    classNames: ["left", "right", "small"])
}

@Suite struct TrainerTests {
  private func trainer(
    _ engine: SoftmaxEngine, samples: Int = 103, validation: Int = 0, epochs: Int = 3,
    state: TrainingState = TrainingState(), seed: UInt64 = 7
  ) throws -> Trainer {
    let data = try TrainingData(
      threeClasses(samples), DataDemand(engine, engine.graph, Augmentation(), divisor: nil))
    let (training, held) = SampleOrder.split(samples, validation: validation, seed: seed)
    let batches = { (samples: [Int]) in Batches(data: data, samples: samples, size: engine.batchSize) }
    return Trainer(
      engine, training: batches(training), validation: held.isEmpty ? nil : batches(held),
      augmentation: Augmentation(), schedule: try schedule(), seed: seed, epochs: epochs,
      state: state)
  }

  private func schedule(_ call: TrainDirective? = nil, rate: Double = 0.5) throws -> LearningRateSchedule {
    var section = TrainSection()
    section.directives = call.map { [$0] } ?? []
    return try LearningRateSchedule(section, rate: rate)
  }

  private func engine() -> SoftmaxEngine { SoftmaxEngine(shape: [3], classes: 3, batch: 10) }

  @Test func learns() throws {
    var trainer = try trainer(engine(), samples: 600, validation: 100, epochs: 20)
    #expect(try trainer.run(isInterrupted: { false }, observe: { _, _ in }))
    let history = trainer.state.history
    #expect(history.count == 20 && trainer.stepsPerEpoch == 50)
    #expect(try #require(history.last?.validationAccuracy) > 0.9)
    #expect(history[19].loss < history[0].loss * 0.6)
    let best = try #require(trainer.state.best)
    #expect(history.allSatisfy { $0.validationAccuracy ?? 1 <= history[best.epoch].validationAccuracy ?? 0 })
  }

  @Test func everySampleOnceAnEpochInAnotherOrder() throws {
    let engine = engine()
    var trainer = try trainer(engine, samples: 100, epochs: 2)
    _ = try trainer.run(isInterrupted: { false }, observe: { _, _ in })
    let labels = engine.seenLabels.flatMap { $0 }
    #expect(engine.seenLabels.count == 20)
    #expect(labels[..<100].sorted() == labels[100...].sorted())
    #expect(labels[..<100] != labels[100...])
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    func weights(seed: UInt64) throws -> [Float] {
      let engine = engine()
      var trainer = try trainer(engine, seed: seed)
      _ = try trainer.run(isInterrupted: { false }, observe: { _, _ in })
      return engine.weights
    }
    #expect(try weights(seed: 1) == weights(seed: 1))
    #expect(try weights(seed: 1) != weights(seed: 2))
  }

  /// Stops after any number of steps, goes on from the checkpoint in another engine, and ends alike.
  @Test(arguments: 0..<28) func resumesToTheSameBits(_ steps: Int) throws {
    let whole = engine()
    var reference = try trainer(whole, samples: 95, validation: 12)
    _ = try reference.run(isInterrupted: { false }, observe: { _, _ in })

    let first = engine()
    var interrupted = try trainer(first, samples: 95, validation: 12)
    var asked = 0
    let isFinished = try interrupted.run(
      isInterrupted: {
        defer { asked += 1 }
        return asked >= steps
      }, observe: { _, _ in })
    #expect(!isFinished)
    let identity = Checkpoint.Identity(
      graph: "g", inputs: "f32[10, 3]", seed: 7, batch: 10, split: 0.1, trainingSamples: 83,
      validationSamples: 12)
    let folder = try Workspace()
    let path = folder.path("state")
    try Checkpoint(identity: identity, state: interrupted.state, snapshot: first.snapshot).write(to: path)
    let checkpoint = try Checkpoint(reading: path)
    #expect(checkpoint.state == interrupted.state && checkpoint.identity == identity)

    let second = engine()
    try second.restore(checkpoint.snapshot)
    var resumed = try trainer(second, samples: 95, validation: 12, state: checkpoint.state)
    #expect(try resumed.run(isInterrupted: { false }, observe: { _, _ in }))
    #expect(resumed.state == reference.state)
    #expect(second.snapshot == whole.snapshot)
  }

  @Test func aLossThatIsNoNumberEndsTraining() throws {
    let (engine, whole) = (engine(), engine())
    var before = try trainer(whole)
    var asked = 0
    _ = try before.run(
      isInterrupted: {
        asked += 1
        return asked > 12
      }, observe: { _, _ in })
    engine.breaksAtStep = 13
    var trainer = try trainer(engine)
    let failure = #expect(throws: LossFailure.self) {
      _ = try trainer.run(isInterrupted: { false }, observe: { _, _ in })
    }
    let diagnostic = try #require(failure?.diagnostic("conv2").diagnostics.first)
    #expect(diagnostic.message == "the loss is nan at step 13, in epoch 2")
    #expect(diagnostic.notes.first?.message == "'conv2' is the first value of the network that is not finite")
    #expect(diagnostic.help?.contains("--rate") == true && diagnostic.help?.contains("--scale 255") == true)
    #expect(trainer.state.position == 2)
    // The engine is where it was before the step.
    #expect(engine.snapshot == whole.snapshot)
  }

  @Test func schedulesSeeStepsAndLosses() throws {
    let engine = SoftmaxEngine(shape: [3], classes: 3, batch: 50)
    let base = try trainer(engine, samples: 100, epochs: 2)
    func rates(_ name: String, _ arguments: [TrainDirective.Argument], losses: [Double]) throws -> [Double] {
      let call = TrainDirective(kind: .schedule, names: [name], arguments: arguments)
      var trainer = Trainer(
        engine, training: base.training, validation: nil, augmentation: Augmentation(),
        schedule: try schedule(call, rate: 1), seed: 1, epochs: losses.count + 2,
        state: TrainingState(history: losses.map { EpochRecord(rate: 1, loss: $0) }))
      var rates: [Double] = []
      _ = try trainer.run(isInterrupted: { false }) { trainer, event in
        if case .step = event { rates.append(trainer.state.sums.rate) }
      }
      return rates
    }
    #expect(try rates("step", [.init(name: "every", value: .int(1))], losses: []) == [1, 1, 0.1, 0.1])
    // Two epochs of the history bring nothing; what a resumed run does with them is what the first one did.
    let plateau = try rates("plateau", [.init(name: "patience", value: .int(1))], losses: [0, 1, 1])
    #expect(plateau[..<2] == [0.1, 0.1])
  }

  /// A loss of 0 is the end only where it also changes nothing: weights of 0 have it too.
  @Test(arguments: [(0.0, 3), (1.0, 9)]) func endsWithoutErrors(_ rate: Double, _ epochs: Int) throws {
    let engine = engine()
    engine.hasNoLoss = true
    let base = try trainer(engine, epochs: 9)
    var trainer = Trainer(
      engine, training: base.training, validation: nil, augmentation: Augmentation(),
      schedule: try LearningRateSchedule(TrainSection(), rate: rate), seed: 1, epochs: 9, endsWithoutErrors: true,
      state: TrainingState(history: [EpochRecord(rate: 1, loss: 1), EpochRecord(rate: 1, loss: 0)]))
    #expect(try trainer.run(isInterrupted: { false }, observe: { _, _ in }))
    #expect(trainer.state.history.count == epochs && trainer.hasConverged == (rate == 0))
  }
}

@Suite struct EvaluationTests {
  /// Batches of any size give the loss and the confusion of all samples, although the last one is filled up.
  @Test(arguments: [1, 4, 7, 23, 40]) func sizesOfBatchesDoNotMatter(_ size: Int) throws {
    let trained = SoftmaxEngine(shape: [3], classes: 3, batch: 23)
    let dataset = try threeClasses(23)
    func evaluation(_ size: Int) throws -> Evaluation {
      let engine = SoftmaxEngine(shape: [3], classes: 3, batch: size)
      let data = try TrainingData(dataset, DataDemand(engine, engine.graph, Augmentation(), divisor: nil))
      if size == 23 {
        let batches = Batches(data: data, samples: Array(0..<23), size: 23)
        for _ in 0..<5 { _ = try trained.step(batches.inputs((0..<23).map { $0 }[...]), rate: 1) }
      }
      try engine.restore(trained.snapshot)
      let batches = Batches(data: data, samples: Array(0..<23), size: size)
      return try #require(try Evaluation.run(engine, batches))
    }
    let whole = try evaluation(23)
    let other = size == 23 ? whole : try evaluation(size)
    #expect(abs(other.loss - whole.loss) < 1e-5)
    #expect(other.confusion == whole.confusion)
    #expect(whole.confusion?.total == 23)
  }

  @Test func interruption() throws {
    let engine = SoftmaxEngine(shape: [3], classes: 3, batch: 10)
    let data = try TrainingData(
      threeClasses(30), DataDemand(engine, engine.graph, Augmentation(), divisor: nil))
    var asked = 0
    let result = try Evaluation.run(engine, Batches(data: data, samples: Array(0..<30), size: 10)) {
      asked += 1
      return asked == 2
    }
    #expect(result == nil && asked == 2)
  }

  @Test func confusion() {
    var matrix = ConfusionMatrix(classCount: 2)
    #expect(matrix.accuracy == nil)
    matrix.add(truth: 0, said: 0)
    matrix.add(truth: 0, said: 1)
    #expect(matrix.counts == [[1, 1], [0, 0]] && matrix.accuracy == 0.5)
  }
}

@Suite struct CheckpointTests {
  private func file(
    _ change: (inout [(name: String, tensor: StoredTensor)], inout [(key: String, value: String)]) -> Void = {
      _, _ in
    }
  ) throws -> (Workspace, String) {
    let folder = try Workspace()
    let path = folder.path("c")
    let identity = Checkpoint.Identity(
      graph: "g", inputs: "f32[1]", seed: .max, batch: 1, split: nil, trainingSamples: 5, validationSamples: 0
    )
    let record = EpochRecord(
      rate: 0.1, loss: 0.3, accuracy: nil, validationLoss: 1 / 3, validationAccuracy: 0.7)
    let state = TrainingState(
      history: [record], position: 2, sums: .init(loss: 0.1, right: 1, counted: 2, rate: 0.1),
      best: .init(epoch: 0, snapshot: [9]))
    let checkpoint = Checkpoint(identity: identity, state: state, snapshot: [1, 2, 3])
    try checkpoint.write(to: path)
    #expect(try Checkpoint(reading: path) == checkpoint)
    let written = try SafetensorsFile.read(path)
    var (tensors, metadata) = (written.tensors, written.metadata)
    change(&tensors, &metadata)
    try #require(SafetensorsFile(tensors: tensors, metadata: metadata)).write(to: path)
    return (folder, path)
  }

  private func refusal(_ path: String) -> String? {
    do throws(TensorFileError) {
      _ = try Checkpoint(reading: path)
      return nil
    } catch {
      return error.headline
    }
  }

  @Test(arguments: ["counts", "sums", "history", "snapshot", "best"]) func aMissingPart(_ name: String) throws
  {
    let (folder, path) = try file { tensors, _ in tensors.removeAll { $0.name == name } }
    defer { withExtendedLifetime(folder) {} }
    #expect(refusal(path) == "malformed checkpoint: a part is missing or has another form")
  }

  @Test(
    arguments: [[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1], [0, 0, 0, -2], [.max, .max, 0, .max]] as [[Int64]]
  )
  func countsThatCannotBe(_ counts: [Int64]) throws {
    let (folder, path) = try file { tensors, _ in
      tensors.removeAll { $0.name == "counts" }
      tensors.append((name: "counts", tensor: StoredTensor(shape: [4], counts)))
    }
    defer { withExtendedLifetime(folder) {} }
    #expect(refusal(path) == "malformed checkpoint: a part is missing or has another form")
  }

  @Test(arguments: [("seed", "-1"), ("batch", "0"), ("split", "2"), ("split", ""), ("training samples", "x")])
  func textsThatCannotBe(_ key: String, _ value: String) throws {
    let (folder, path) = try file { _, metadata in
      metadata.removeAll { $0.key == key }
      metadata.append((key: key, value: value))
    }
    defer { withExtendedLifetime(folder) {} }
    #expect(refusal(path) == "malformed checkpoint: a part is missing or has another form")
  }

  @Test func otherFiles() throws {
    let folder = try Workspace()
    try folder.write("text", "hello")
    #expect(refusal(folder.path("text")) == "not a safetensors file: it has only 5 bytes")
    try #require(SafetensorsFile(tensors: [])).write(to: folder.path("weights"))
    #expect(
      refusal(folder.path("weights")) == "not a checkpoint of graphc: it does not say 'graphc checkpoint 1'")
  }

  @Test func runsOfOtherOptionsAreRefused() throws {
    let (folder, path) = try file()
    defer { withExtendedLifetime(folder) {} }
    let checkpoint = try Checkpoint(reading: path)
    try checkpoint.require(checkpoint.identity, path: path)
    var other = checkpoint.identity
    other.batch = 2
    let error = #expect(throws: TensorFileError.self) { try checkpoint.require(other, path: path) }
    #expect(error?.headline == "the checkpoint is of another run: its batch: 1, found 2")
  }
}
