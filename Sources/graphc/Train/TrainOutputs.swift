import GraphCompiler
import KernelRunner
import TensorFiles

/// The files that training writes. Making one finds out whether they can be written, before hours of work.
struct TrainOutputs {
  /// For the weights that did best on what is held out, and for the last ones.
  let best: String?
  let last: String?
  /// Where the state goes after every epoch.
  let checkpoint: String?
  /// Where the state goes when training is interrupted.
  let interrupted: String?
  private let report: StagedFolder?

  init(_ options: TrainOptions) throws(TensorFileError) {
    best = options.out
    last = options.last
    checkpoint = options.checkpoint ?? options.resume
    interrupted = options.checkpointPath
    for path in [best, last, interrupted] {
      if let path { try requireWritable(path) }
    }
    if let path = options.report { report = try StagedFolder(path) } else { report = nil }
  }

  func writeBest(_ engine: any TrainingEngine) throws(TensorFileError) { try write(engine, to: best) }

  func writeLast(_ engine: any TrainingEngine) throws(TensorFileError) { try write(engine, to: last) }

  private func write(_ engine: any TrainingEngine, to path: String?) throws(TensorFileError) {
    guard let path else { return }
    guard let file = SafetensorsFile(tensors: engine.parameters) else {
      preconditionFailure("parameters of a graph have names of their own")
    }
    try file.write(to: path)
  }

  /// Pictures of the curves and of the confusion, to appear together.
  /// - Parameter names: of the classes.
  func writeReport(
    _ graph: String, _ state: TrainingState, _ confusion: ConfusionMatrix?, _ names: [String]
  ) throws(TensorFileError) {
    guard let report else { return }
    try report.write("curves.svg", text: Self.curves(graph, state).svg)
    if let confusion {
      let picture = ConfusionPicture(title: "\(graph): confusion", counts: confusion.counts, names: names)
      try report.write("confusion.svg", text: picture.svg)
    }
    try report.commit()
  }

  private static func curves(_ graph: String, _ state: TrainingState) -> LearningCurvePicture {
    func curves(
      _ training: @escaping (EpochRecord) -> Double?, _ validation: @escaping (EpochRecord) -> Double?
    ) -> [LearningCurvePicture.Curve] {
      [("training", training), ("validation", validation)].compactMap { name, value in
        let values = state.history.map { value($0) }
        guard values.contains(where: { $0 != nil }) else { return nil }
        return .init(name: name, values: values.map { $0 ?? .nan })
      }
    }
    let isHeldOut = state.history.contains { $0.validationLoss != nil }
    return LearningCurvePicture(
      title: "\(graph): learning curves", loss: curves({ $0.loss }, { $0.validationLoss }),
      accuracy: curves({ $0.accuracy }, { $0.validationAccuracy }),
      bestEpoch: isHeldOut ? state.best.map { $0.epoch + 1 } : nil)
  }
}
