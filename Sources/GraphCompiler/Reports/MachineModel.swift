/// What a core does at most: the roofs of the roofline model (Williams, Waterman, Patterson: "Roofline", 2009).
package struct MachineModel: Sendable, Hashable {
  /// Billions of operations a second.
  package var peak: Double
  /// GB/s from the cache beside the core.
  package var cacheBandwidth: Double
  /// GB/s from memory.
  package var memoryBandwidth: Double
  /// Bytes of the cache beside the core.
  package var cacheByteCount: Int

  /// A server core with AVX-512 at about 2.3 GHz.
  package static let usual = MachineModel(
    peak: 150, cacheBandwidth: 60, memoryBandwidth: 11, cacheByteCount: 1 << 20)

  package init(peak: Double, cacheBandwidth: Double, memoryBandwidth: Double, cacheByteCount: Int) {
    self.peak = peak
    self.cacheBandwidth = cacheBandwidth
    self.memoryBandwidth = memoryBandwidth
    self.cacheByteCount = cacheByteCount
  }

  /// What bounds work that moves its bytes at the speed of memory.
  package func bound(of work: StepWork) -> Bound {
    work.intensity * memoryBandwidth >= peak ? .compute : .memory
  }

  /// How long a step takes at least, and why.
  package struct Prediction: Sendable, Hashable {
    package let microseconds: Double
    package let bound: Bound
  }

  /// The larger of two times: operations at the peak, and bytes at the bandwidth of where they are.
  ///
  /// Weights come from memory unless those of the whole network fit into the cache; other tensors come from memory if
  /// those of the step do not fit.
  /// - Parameters:
  ///   - operations: those that the algorithm needs.
  ///   - networkWeights: bytes of all weights of the network.
  package func prediction(of work: StepWork, operations: Double, networkWeights: Int) -> Prediction {
    let others = work.byteCount - work.weightByteCount
    let weightTime = time(work.weightByteCount, isCached: networkWeights <= cacheByteCount)
    let otherTime = time(others, isCached: others <= cacheByteCount)
    let computeTime = operations / (peak * 1000)
    let moveTime = weightTime + otherTime
    return Prediction(
      microseconds: max(computeTime, moveTime), bound: computeTime >= moveTime ? .compute : .memory)
  }

  /// Microseconds.
  private func time(_ byteCount: Int, isCached: Bool) -> Double {
    Double(byteCount) / ((isCached ? cacheBandwidth : memoryBandwidth) * 1000)
  }
}
