import TensorFiles

/// A file from which training goes on: the state between two steps, as tensors of a safetensors file.
struct Checkpoint: Equatable {
  /// What must be alike for the rest to make sense: of the network, the data and the options.
  struct Identity: Equatable {
    var graph: String
    /// Types of the inputs, in order.
    var inputs: String
    var seed: UInt64
    var batch: Int
    /// Share of the data that was held out; nil where none was.
    var split: Double?
    var trainingSamples: Int
    var validationSamples: Int
  }

  var identity: Identity
  var state: TrainingState
  /// Of the engine.
  var snapshot: [UInt8]

  private static let format = "graphc checkpoint 1"
}

// MARK: Writing

extension Checkpoint {
  /// Replaces the file at once: a reader finds the old checkpoint or this one.
  func write(to path: String) throws(TensorFileError) { try file.write(to: path) }

  private var file: SafetensorsFile {
    let counts = [state.position, state.sums.right, state.sums.counted, state.best?.epoch ?? -1]
    let history = state.history.flatMap { record in
      [record.rate, record.loss]
        + [record.accuracy, record.validationLoss, record.validationAccuracy].map { $0 ?? .nan }
    }
    var tensors = [
      (name: "counts", tensor: StoredTensor(shape: [4], counts.map { Int64($0) })),
      (name: "sums", tensor: StoredTensor(shape: [2], [state.sums.loss, state.sums.rate])),
      (name: "history", tensor: StoredTensor(shape: [state.history.count, 5], history)),
      (name: "snapshot", tensor: StoredTensor(shape: [snapshot.count], snapshot)),
    ]
    if let best = state.best?.snapshot {
      tensors.append((name: "best", tensor: StoredTensor(shape: [best.count], best)))
    }
    guard let file = SafetensorsFile(tensors: tensors, metadata: metadata) else {
      preconditionFailure("the tensors of a checkpoint have names of their own")
    }
    return file
  }

  private var metadata: [(key: String, value: String)] {
    [
      (key: "format", value: Self.format), (key: "graph", value: identity.graph),
      (key: "inputs", value: identity.inputs), (key: "seed", value: "\(identity.seed)"),
      (key: "batch", value: "\(identity.batch)"),
      (key: "split", value: identity.split.map { "\($0)" } ?? "none"),
      (key: "training samples", value: "\(identity.trainingSamples)"),
      (key: "validation samples", value: "\(identity.validationSamples)"),
    ]
  }
}

// MARK: Reading

extension Checkpoint {
  init(reading path: String) throws(TensorFileError) {
    let file = try SafetensorsFile.read(path)
    let texts = Dictionary(file.metadata.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    guard texts["format"] == Self.format else {
      throw TensorFileError(path, "not a checkpoint of graphc", cause: "it does not say '\(Self.format)'")
    }
    guard let identity = Identity(texts), let state = TrainingState(file),
      let snapshot = file["snapshot"], snapshot.element == .u8
    else {
      throw TensorFileError(path, "malformed checkpoint", cause: "a part is missing or has another form")
    }
    self.init(identity: identity, state: state, snapshot: snapshot.bytes)
  }

  /// Throws where the checkpoint is of another network, other data, or other options.
  func require(_ wanted: Identity, path: String) throws(TensorFileError) {
    let pairs = zip(metadata, Checkpoint(identity: wanted, state: state, snapshot: []).metadata)
    guard let (own, other) = pairs.first(where: { $0.value != $1.value }) else { return }
    throw TensorFileError(
      path, "the checkpoint is of another run", cause: "its \(own.key): \(own.value), found \(other.value)",
      cure: "give the network, the data and the options of that run")
  }
}

extension Checkpoint.Identity {
  fileprivate init?(_ texts: [String: String]) {
    guard let graph = texts["graph"], let inputs = texts["inputs"],
      let seed = texts["seed"].flatMap({ UInt64($0) }),
      let batch = texts["batch"].flatMap({ Int($0) }), batch > 0, let split = texts["split"],
      let training = texts["training samples"].flatMap({ Int($0) }),
      let validation = texts["validation samples"].flatMap({ Int($0) })
    else { return nil }
    let share = Double(split)
    guard split == "none" || share.map({ $0 > 0 && $0 < 1 }) == true else { return nil }
    self.init(
      graph: graph, inputs: inputs, seed: seed, batch: batch, split: share, trainingSamples: training,
      validationSamples: validation)
  }
}

extension TrainingState {
  fileprivate init?(_ file: SafetensorsFile) {
    guard let counts = file["counts"], counts.element == .i64, counts.shape == [4],
      let sums = file["sums"], sums.element == .f64, sums.shape == [2],
      let history = file["history"], history.element == .f64, history.shape.count == 2, history.shape[1] == 5,
      let numbers = try? counts.int64s(), numbers[0...2].allSatisfy({ $0 >= 0 })
    else { return nil }
    let values = history.doubles()
    self.history = stride(from: 0, to: values.count, by: 5).map { EpochRecord(values[$0..<$0 + 5]) }
    position = Int(numbers[0])
    let totals = sums.doubles()
    self.sums = Sums(loss: totals[0], right: Int(numbers[1]), counted: Int(numbers[2]), rate: totals[1])
    let best = file["best"]
    guard numbers[3] >= -1, numbers[3] < self.history.count, (numbers[3] >= 0) == (best != nil) else {
      return nil
    }
    self.best = best.map { Best(epoch: Int(numbers[3]), snapshot: $0.bytes) }
  }
}

extension EpochRecord {
  fileprivate init(_ values: ArraySlice<Double>) {
    let values = Array(values)
    func known(_ value: Double) -> Double? { value.isNaN ? nil : value }
    self.init(
      rate: values[0], loss: values[1], accuracy: known(values[2]), validationLoss: known(values[3]),
      validationAccuracy: known(values[4]))
  }
}
