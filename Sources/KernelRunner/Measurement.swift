import Foundation

/// How long a network and its steps take, beside what the machine reaches at most: medians of the rounds in which
/// nothing else ran.
package struct Measurement: Sendable {
  /// What was measured in one go.
  package struct Round: Sendable {
    /// GFLOP/s; the lower of two, before and after.
    package var peak: Double
    /// GB/s
    package var bandwidth: Double
    /// Microseconds of the network as a whole.
    package var network: Double
    /// Microseconds of each step.
    package var steps: [Double]

    package init(peak: Double, bandwidth: Double, network: Double, steps: [Double]) {
      self.peak = peak
      self.bandwidth = bandwidth
      self.network = network
      self.steps = steps
    }
  }

  /// A round is quiet if its peak is at least so large a part of the best one.
  private static let quietShare = 0.95

  /// The best of all rounds.
  package let peak: Double
  /// The best of all rounds.
  package let bandwidth: Double
  package let network: Double
  package let steps: [Double]
  package let quietCount: Int
  package let roundCount: Int

  /// - Parameter rounds: at least one.
  package init(_ rounds: [Round]) {
    precondition(!rounds.isEmpty, "nothing was measured")
    let best = rounds.map(\.peak).max() ?? 0
    let quiet = rounds.filter { $0.peak >= Self.quietShare * best }
    peak = best
    bandwidth = rounds.map(\.bandwidth).max() ?? 0
    network = Self.median(quiet.map(\.network))
    steps = rounds[0].steps.indices.map { place in Self.median(quiet.map { $0.steps[place] }) }
    quietCount = quiet.count
    roundCount = rounds.count
  }

  /// The middle one, or the mean of the two in the middle.
  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}

extension ProfiledNetwork {
  /// A round repeats what takes less.
  private static let shortestMicroseconds = 3000.0

  /// How often what takes so many microseconds is repeated to be measured.
  static func repetitions(_ microseconds: Double) -> Int {
    Int(min(1000, max(1, shortestMicroseconds / max(microseconds, 1))))
  }

  /// Measures in rounds: machine, network, steps, machine.
  /// - Parameters:
  ///   - rounds: at most; at least one is measured.
  ///   - seconds: no round begins later.
  package func measure(rounds: Int, seconds: Double) -> Measurement {
    // The first run touches everything for the first time.
    _ = run(times: 1)
    let times = Self.repetitions(run(times: 1))
    let start = DispatchTime.now().uptimeNanoseconds
    var measured: [Measurement.Round] = []
    while measured.count < max(rounds, 1) {
      let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
      if elapsed > seconds, !measured.isEmpty { break }
      let bandwidth = bandwidth()
      let before = peak()
      // Brings the network back into the caches.
      _ = run(times: 1)
      let network = run(times: times)
      let steps = runStepByStep(times: times)
      measured.append(
        Measurement.Round(peak: min(before, peak()), bandwidth: bandwidth, network: network, steps: steps))
    }
    return Measurement(measured)
  }
}
