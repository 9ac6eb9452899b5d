import KernelRunner

/// How well a network does on samples that it is not changed by.
struct Evaluation {
  /// Mean over the samples.
  let loss: Double
  /// Nil where nothing is classified.
  let confusion: ConfusionMatrix?

  var accuracy: Double? { confusion?.accuracy }

  /// Runs all samples. The last batch is filled up with copies of its first sample; a batch of nothing else tells what
  /// these add to the loss, which is a mean (or a sum) over the batch.
  /// - Returns: nil where it was interrupted.
  static func run(
    _ engine: any TrainingEngine, _ batches: Batches, isInterrupted: () -> Bool = { false }
  ) throws -> Evaluation? {
    let classCount = batches.data.classes == nil ? nil : engine.scores?.type.shape.last
    var confusion = classCount.map { ConfusionMatrix(classCount: $0) }
    var loss = 0.0
    for start in stride(from: 0, to: batches.samples.count, by: batches.size) {
      if isInterrupted() { return nil }
      let real = batches.samples[start..<min(start + batches.size, batches.samples.count)]
      let padding = Array(repeating: real[start], count: batches.size - real.count)
      let result = try engine.evaluate(batches.inputs((real + padding)[...]))
      loss += result.loss
      if !padding.isEmpty {
        let copies = Array(repeating: real[start], count: batches.size)
        let share = Double(padding.count) / Double(batches.size)
        loss -= share * (try engine.evaluate(batches.inputs(copies[...])).loss)
      }
      count(real, result.scores, batches, &confusion)
    }
    let batchCount = Double(batches.samples.count) / Double(batches.size)
    return Evaluation(loss: loss / batchCount, confusion: confusion)
  }

  private static func count(
    _ samples: ArraySlice<Int>, _ scores: [Float], _ batches: Batches, _ confusion: inout ConfusionMatrix?
  ) {
    guard let classes = batches.data.classes, !scores.isEmpty else { return }
    let width = scores.count / batches.size
    for (slot, sample) in samples.enumerated() where classes[sample] >= 0 {
      let said = largestPlace(scores[slot * width..<(slot + 1) * width])
      confusion?.add(truth: classes[sample], said: said)
    }
  }
}
