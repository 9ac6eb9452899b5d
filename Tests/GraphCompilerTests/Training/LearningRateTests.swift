import Foundation
import Testing

@testable import GraphCompiler

@Suite struct LearningRateTests {
  /// The rate before each of the epochs named, where the initial rate is 1 and an epoch has 10 steps.
  private func rates(_ text: String, epochs: [Int]) throws -> [Double] {
    let schedule = try LearningRateSchedule(section(text), rate: 1)
    return epochs.map { schedule.rate(step: $0 * 10 + 1, stepsPerEpoch: 10) }
  }

  private func expectClose(_ found: [Double], _ expected: [Double]) {
    let isClose = found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-12 }
    #expect(isClose, "\(found), not \(expected)")
  }

  @Test func constantUnlessStated() throws {
    #expect(try rates("", epochs: [0, 1, 1000]) == [1, 1, 1])
  }

  @Test func stepEveryThirtyEpochs() throws {
    expectClose(
      try rates("schedule step(every: 30, factor: 0.1)", epochs: [0, 29, 30, 59, 60]), [1, 1, 0.1, 0.1, 0.01])
  }

  @Test func cosineEndsAtItsFinalShare() throws {
    expectClose(
      try rates("schedule cosine(epochs: 4)", epochs: [0, 1, 2, 4, 5]),
      [1, (1 + 0.5.squareRoot()) / 2, 0.5, 0, 0])
    expectClose(try rates("schedule cosine(epochs: 4, final: 0.2)", epochs: [2, 9]), [0.6, 0.2])
  }

  @Test func warmUpRisesStepByStep() throws {
    let schedule = try LearningRateSchedule(section("schedule warmup(steps: 4)"), rate: 0.8)
    expectClose((1...5).map { schedule.rate(step: $0, stepsPerEpoch: 10) }, [0.2, 0.4, 0.6, 0.8, 0.8])
    // Half way down from the end of the warm-up to epoch 9, in the middle between epochs 1 and 9.
    expectClose(try rates("schedule cosine(epochs: 9, warmup: 1)", epochs: [0, 1, 5, 9]), [0.1, 1, 0.5, 0])
  }

  @Test func plateauWaitsAndGoesOnFromASnapshot() throws {
    var schedule = try LearningRateSchedule(
      section("schedule plateau(factor: 0.1, patience: 1, least: 0.005)"), rate: 1)
    var found: [Double] = []
    for loss in [3, 2, 2.5, .nan, 2.1, 1.99, 2, 2, 2, 2, 2, 2] {
      schedule.finishedEpoch(validationLoss: loss)
      found.append(schedule.rate(step: 1, stepsPerEpoch: 1))
    }
    expectClose(found, [1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.005, 0.005, 0.005])
    var resumed = try LearningRateSchedule(
      section("schedule plateau(factor: 0.1, patience: 1, least: 0.005)"), rate: 1)
    let isRestored = resumed.restore(schedule.snapshot)
    #expect(isRestored && resumed == schedule)
    for damaged in [[], [1, 0], [2, 0, 0], [1, 0, 0.5], [1, .nan, 0], [.nan, 0, 0]] {
      let isAccepted = resumed.restore(damaged)
      #expect(!isAccepted)
    }
  }
}
