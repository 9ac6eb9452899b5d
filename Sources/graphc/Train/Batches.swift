import GraphCompiler
import TensorFiles

/// Samples of some data as the bytes that an engine takes.
struct Batches {
  let data: TrainingData
  /// Which samples of the data, in a fixed order.
  let samples: [Int]
  let size: Int

  /// A batch of these samples, `size` of them.
  /// - Parameter variation: how the first input of a sample is changed.
  func inputs(
    _ samples: ArraySlice<Int>, variation: (Int) -> Variation = { _ in Variation() }
  ) -> [[UInt8]] {
    precondition(samples.count == size, "a batch is full")
    return data.columns.enumerated().map { place, column in
      let bytes = column.sampleByteCount
      return [UInt8](unsafeUninitializedCapacity: bytes * size) { buffer, count in
        let buffer = UnsafeMutableRawBufferPointer(buffer)
        for (slot, sample) in samples.enumerated() {
          let target = UnsafeMutableRawBufferPointer(rebasing: buffer[slot * bytes..<(slot + 1) * bytes])
          column.write(sample, place == 0 ? variation(sample) : Variation(), to: target)
        }
        count = bytes * size
      }
    }
  }

  /// Of how many samples of a batch a class is known, and how often it has the largest score.
  func score(_ samples: ArraySlice<Int>, _ scores: [Float]) -> (right: Int, counted: Int) {
    guard let classes = data.classes, !scores.isEmpty else { return (0, 0) }
    let width = scores.count / size
    let right = samples.enumerated().count { slot, sample in
      largestPlace(scores[slot * width..<(slot + 1) * width]) == classes[sample]
    }
    return (right, samples.count { classes[$0] >= 0 })
  }
}

/// Which classes were taken for which.
struct ConfusionMatrix: Equatable {
  /// `counts[truth][said]`
  private(set) var counts: [[Int]]

  init(classCount: Int) {
    counts = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
  }

  mutating func add(truth: Int, said: Int) { counts[truth][said] += 1 }

  var total: Int { counts.joined().reduce(0, +) }
  var rightCount: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }
  /// From 0 to 1; nil where nothing was classified.
  var accuracy: Double? { total > 0 ? Double(rightCount) / Double(total) : nil }
}
