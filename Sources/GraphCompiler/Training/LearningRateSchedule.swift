import Foundation
import SourceText

/// How the learning rate changes while a network trains: `schedule step(every: 30, factor: 0.1)`.
///
/// Every schedule may begin with a warm-up, during which the rate rises evenly to its initial value (Goyal et al. 2017).
package struct LearningRateSchedule: Hashable, Sendable {
  private enum Shape: Hashable, Sendable {
    case constant
    /// The rate is multiplied by `factor` every so many epochs.
    case step(every: Int, factor: Double)
    /// Half a cosine, down to `final` times the rate in so many epochs, warm-up included (Loshchilov & Hutter 2017).
    case cosine(epochs: Int, final: Double)
    /// Multiplied by `factor` after more than `patience` epochs without a lower loss (Krizhevsky et al. 2012), as long as
    /// the rate stays at least `least`.
    case plateau(factor: Double, patience: Int, least: Double)
  }

  /// The rate after the warm-up.
  package let rate: Double
  private let shape: Shape
  private let warmUpEpochs: Double
  private let warmUpSteps: Int
  /// What the losses of the epochs have made of the rate.
  private var state = State()

  private struct State: Hashable, Sendable {
    var factor = 1.0
    var best = Double.infinity
    var epochsWithoutProgress = 0
  }

  /// Losses count as lower where they are so by more than this share.
  private static let threshold = 1e-4

  /// The schedule of a train section; constant where it has none.
  package init(_ section: TrainSection, rate: Double) throws(CompileError) {
    let constant = TrainDirective(kind: .schedule, names: ["constant"], arguments: [])
    try self.init(section.directive(.schedule) ?? constant, rate: rate)
  }

  init(_ directive: TrainDirective, rate: Double) throws(CompileError) {
    let (place, values) = try directive.resolved(among: Self.calls, noun: "schedule")
    let name = Self.calls[place].name
    self.rate = rate
    warmUpSteps = name == "warmup" ? values.count("steps") : 0
    warmUpEpochs = name == "warmup" ? 0 : values.number("warmup")
    switch name {
    case "step": shape = .step(every: values.count("every"), factor: values.number("factor"))
    case "cosine": shape = .cosine(epochs: values.count("epochs"), final: values.number("final"))
    case "plateau":
      let (factor, least) = (values.number("factor"), values.number("least"))
      shape = .plateau(factor: factor, patience: values.count("patience"), least: least)
    default: shape = .constant
    }
    if case .cosine(let epochs, _) = shape, warmUpEpochs >= Double(epochs) {
      throw CompileError(
        "invalid-argument", "expected a 'warmup' shorter than the \(epochs) epochs of 'cosine'",
        at: directive.range)
    }
  }

  /// What may be called, for messages and documentation.
  static let calls: [TrainCall] = {
    let warmUp = TrainArgument(
      "warmup", .nonNegative, default: .int(0), "epochs in which the rate rises to its value")
    let factor = TrainArgument("factor", .fraction, default: .float(0.1), "by which the rate is multiplied")
    return [
      TrainCall(name: "constant", arguments: [warmUp]),
      TrainCall(
        name: "cosine",
        arguments: [
          TrainArgument("epochs", .count(atLeast: 1), "epochs until the rate has come down"), warmUp,
          TrainArgument("final", .fraction, default: .float(0), "share of the rate at the end"),
        ]),
      TrainCall(
        name: "plateau",
        arguments: [
          factor,
          TrainArgument("patience", .count(atLeast: 0), default: .int(3), "epochs without a lower loss"),
          TrainArgument("least", .nonNegative, default: .float(0), "the lowest rate"), warmUp,
        ]),
      TrainCall(
        name: "step",
        arguments: [TrainArgument("every", .count(atLeast: 1), "epochs between two changes"), factor, warmUp]),
      TrainCall(
        name: "warmup",
        arguments: [TrainArgument("steps", .count(atLeast: 0), "steps in which the rate rises to its value")]),
    ]
  }()

  /// The learning rate of a step.
  /// - Parameter step: its number, from 1, over all epochs.
  package func rate(step: Int, stepsPerEpoch: Int) -> Double {
    let done = Double(max(0, step - 1)) / Double(max(1, stepsPerEpoch))
    let rise = max(Double(warmUpSteps), warmUpEpochs * Double(max(1, stepsPerEpoch)))
    let warmUp = rise > 0 ? min(1, Double(max(1, step)) / rise) : 1
    switch shape {
    case .constant: return rate * warmUp
    case .step(let every, let factor):
      return rate * warmUp * Foundation.pow(factor, (done / Double(every)).rounded(.down))
    case .cosine(let epochs, let final):
      let progress = min(1, max(0, done - warmUpEpochs) / (Double(epochs) - warmUpEpochs))
      let height = (1 + Foundation.cos(.pi * progress)) / 2
      return rate * warmUp * (final + (1 - final) * height)
    case .plateau(_, _, let least): return max(min(rate, least), rate * state.factor) * warmUp
    }
  }

  /// Tells the schedule how an epoch ended; only `plateau` listens. A loss that is not a number is no progress.
  package mutating func finishedEpoch(validationLoss loss: Double) {
    guard case .plateau(let factor, let patience, _) = shape else { return }
    let isLower =
      state.best.isInfinite ? loss < state.best : loss < state.best - Self.threshold * abs(state.best)
    if isLower {
      state.best = loss
      state.epochsWithoutProgress = 0
      return
    }
    state.epochsWithoutProgress += 1
    if state.epochsWithoutProgress > patience {
      state.factor *= factor
      state.epochsWithoutProgress = 0
    }
  }

  /// Everything that changes while a network trains, for checkpoints.
  package var snapshot: [Double] { [state.factor, state.best, Double(state.epochsWithoutProgress)] }

  /// Goes on from a snapshot; false, and nothing done, where it is none.
  package mutating func restore(_ snapshot: [Double]) -> Bool {
    guard snapshot.count == 3, (0...1).contains(snapshot[0]), !snapshot[1].isNaN,
      let epochs = Int(exactly: snapshot[2]), epochs >= 0
    else { return false }
    state = State(factor: snapshot[0], best: snapshot[1], epochsWithoutProgress: epochs)
    return true
  }
}
