/// How an epoch went.
struct EpochRecord: Equatable {
  /// Learning rate of the last step.
  var rate: Double
  /// Means over the steps, as the network was at each.
  var loss: Double
  var accuracy: Double?
  /// Of the samples held out, after the epoch; nil where there are none.
  var validationLoss: Double?
  var validationAccuracy: Double?

  /// Whether the weights after this epoch are better than those after another: by what was held out, accuracy before loss.
  func isBetter(than other: EpochRecord) -> Bool {
    if let accuracy = validationAccuracy, let otherAccuracy = other.validationAccuracy {
      return accuracy > otherAccuracy
    }
    guard let loss = validationLoss, let otherLoss = other.validationLoss else { return true }
    return loss < otherLoss
  }
}

/// How far training is, besides the engine's own state: what is needed to go on as if nothing had happened.
struct TrainingState: Equatable {
  /// Sums over the steps of the epoch at hand.
  struct Sums: Equatable {
    var loss = 0.0
    /// Samples whose class had the largest score, of those that have a class.
    var right = 0
    var counted = 0
    /// Of the last step.
    var rate = 0.0

    var accuracy: Double? { counted > 0 ? Double(right) / Double(counted) : nil }
  }

  /// The best weights so far.
  struct Best: Equatable {
    /// Place in the history.
    var epoch: Int
    /// Of the engine.
    var snapshot: [UInt8]
  }

  /// Of the finished epochs.
  var history: [EpochRecord] = []
  /// Finished steps of the epoch at hand.
  var position = 0
  var sums = Sums()
  var best: Best?

  /// Number of the epoch at hand, from 0.
  var epoch: Int { history.count }

  /// Ends the epoch at hand.
  /// - Returns: whether its weights are the best so far.
  mutating func finishEpoch(_ record: EpochRecord, snapshot: () -> [UInt8]) -> Bool {
    let isBest = best.map { record.isBetter(than: history[$0.epoch]) } ?? true
    if isBest { best = Best(epoch: history.count, snapshot: snapshot()) }
    history.append(record)
    position = 0
    sums = Sums()
    return isBest
  }
}
