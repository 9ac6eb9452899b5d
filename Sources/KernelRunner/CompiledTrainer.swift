import GraphCompiler
import LoopIR
import TensorFiles

/// Training by generated C, compiled and loaded into this process.
package final class CompiledTrainer: TrainingEngine {
  package let inputs: [(name: String, type: TensorType)]
  package let batchSize: Int
  package let scores: (name: String, type: TensorType)?
  private let library: TrainingLibrary
  /// Batches of the code that make one step.
  private let parts: Int

  /// - Parameters:
  ///   - graph: with a train section, at the size of one batch.
  ///   - seed: selects the random numbers of dropout.
  package init(_ graph: Graph, seed: UInt64 = 0, _ options: BuildOptions = BuildOptions()) throws {
    library = try TrainingLibrary(TrainingPlan(graph, seed: seed), options)
    let parts = library.compilation.plan.accumulation
    self.parts = parts
    let evaluation = library.function("evaluate")
    let batch = evaluation.inputs.first?.type.shape.first ?? 1
    inputs = evaluation.inputs.map { ($0.name, $0.type.repeated(parts)) }
    batchSize = batch * parts
    scores = evaluation.outputs.first {
      $0.name != TrainingPlan.lossOutput && $0.type.rank == 2 && $0.type.shape[0] == batch
    }.map { ($0.name, $0.type.repeated(parts)) }
  }

  package var compilation: TrainingCompilation { library.compilation }

  package func step(_ inputs: [[UInt8]], rate: Double) -> (loss: Double, scores: [Float]) {
    let rate = withUnsafeBytes(of: Float(rate)) { Array($0) }
    if parts == 1 { return run("train_step", inputs, rate: rate) }
    let result = runParts("accumulate", inputs)
    _ = library.run("update") { _ in rate }
    return result
  }

  package func evaluate(_ inputs: [[UInt8]]) -> (loss: Double, scores: [Float]) {
    runParts("evaluate", inputs)
  }

  /// One call for each batch of the code; the mean of the losses, and all scores.
  private func runParts(_ function: String, _ inputs: [[UInt8]]) -> (loss: Double, scores: [Float]) {
    if parts == 1 { return run(function, inputs, rate: []) }
    var (loss, scores) = (0.0, [Float]())
    for part in 0..<parts {
      let own = inputs.map { bytes in
        Array(bytes[part * bytes.count / parts..<(part + 1) * bytes.count / parts])
      }
      let result = run(function, own, rate: [])
      loss += result.loss / Double(parts)
      scores += result.scores
    }
    return (loss, scores)
  }

  private func run(_ function: String, _ inputs: [[UInt8]], rate: [UInt8]) -> (loss: Double, scores: [Float])
  {
    let outputs = library.run(function) { name in
      self.inputs.firstIndex { $0.name == name }.map { inputs[$0] } ?? rate
    }
    let loss = outputs.first { $0.name == TrainingPlan.lossOutput }?.tensor.doubles[0]
    let scores = outputs.first { $0.name == self.scores?.name }?.tensor.doubles.map(Float.init)
    return (loss ?? .nan, scores ?? [])
  }

  package var parameters: [(name: String, tensor: StoredTensor)] {
    let count = compilation.plan.parameters.count
    return library.bundle.parameterOffsets.prefix(count).map { name, type, offset in
      let bytes = library.stored(type, at: offset)
      return (name, StoredTensor(shape: type.shape, element: type.element.stored, bytes: bytes))
    }
  }

  package var snapshot: [UInt8] { library.snapshot }

  package func restore(_ snapshot: [UInt8]) throws {
    guard library.restore(snapshot) else {
      throw TensorFileError("<snapshot>", "the snapshot belongs to another network")
    }
  }
}

extension TensorType {
  /// So many of them one behind the other along axis 0.
  fileprivate func repeated(_ count: Int) -> TensorType {
    rank == 0 ? self : TensorType(element, [shape[0] * count] + shape.dropFirst())
  }
}
