import KernelRunner
import TensorFiles

/// What decides about the course of training: from the command line, or else from the checkpoint that training goes on
/// from.
struct TrainSettings {
  let seed: UInt64
  /// Share of the training data that is held out.
  let split: Double?
  /// Nil where nobody says; then the network or the data tell.
  let batch: Int?
  let checkpoint: Checkpoint?
  private let path: String

  /// Where nobody says another; fewer where there are fewer samples.
  static let defaultBatch = 64

  init(_ options: TrainOptions) throws(TensorFileError) {
    path = options.resume ?? ""
    checkpoint = try options.resume.map { path throws(TensorFileError) in try Checkpoint(reading: path) }
    let identity = checkpoint?.identity
    seed = options.seed ?? identity?.seed ?? 0
    batch = options.batch ?? identity?.batch
    switch options.validation {
    case .share(let share): split = share
    case .none: split = identity?.split
    case .files: split = nil
    }
  }

  /// Takes the engine back to where the checkpoint was written.
  /// - Throws: where it is of another run.
  func restore(_ engine: any TrainingEngine, _ identity: Checkpoint.Identity) throws {
    guard let checkpoint else { return }
    try checkpoint.require(identity, path: path)
    guard checkpoint.state.position <= identity.trainingSamples / identity.batch else {
      throw TensorFileError(
        path, "malformed checkpoint", cause: "its epoch has more steps than there are batches")
    }
    try engine.restore(checkpoint.snapshot)
  }
}
