import LoopIR
import SourceText
import Testing

@testable import GraphCompiler
@testable import KernelRunner

/// Generated training code on networks small enough to follow by hand.
@Suite struct TrainingTests {
  private func trainer(_ text: String) throws -> CompiledTrainer {
    try CompiledTrainer(GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph, BuildOptions(optimization: "-O1"))
  }

  private func bytes(_ values: [Float]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

  @Test func xorIsLearned() throws {
    let trainer = try trainer("""
      graph xor(N = 4) {
        input x: f32[N, 2]
        x -> fc(8) -> tanh -> logits: fc(1)
        output p = sigmoid(logits)
        train {
          input target: f32[N, 1]
          minimize binary_cross_entropy_logits(logits, target)
          with sgd(rate: 0.5, momentum: 0.9)
        }
      }
      """)
    let batch = [bytes([0, 0, 0, 1, 1, 0, 1, 1]), bytes([0, 1, 1, 0])]
    let first = trainer.step(batch, rate: 0.5).loss
    var last = first
    for _ in 0..<300 { last = trainer.step(batch, rate: 0.5).loss }
    #expect(last < 0.05, "the loss went from \(first) to \(last)")
    #expect(trainer.evaluate(batch).loss <= last)
  }

  /// One step of plain gradient descent on y = w x: w' = w - rate * d/dw (w x - t)^2.
  @Test func oneStepIsThatOfTheFormula() throws {
    let trainer = try trainer("""
      graph line(N = 1) {
        input x: f32[N, 1]
        param w: f32[1, 1] = constant(0.5)
        y = fc(x, w)
        output y
        train {
          input t: f32[N, 1]
          minimize squared_error(y, t, reduction: "sum")
          with sgd(rate: 0.1)
        }
      }
      """)
    let before = trainer.evaluate([bytes([2]), bytes([3])]).loss
    _ = trainer.step([bytes([2]), bytes([3])], rate: 0.1)
    let after = trainer.evaluate([bytes([2]), bytes([3])]).loss
    let weight = trainer.parameters[0].tensor.doubles()[0]
    // y = 1, error -2: the loss is 4 or 2 after the convention of the loss, its slope accordingly.
    let slope = (weight - 0.5) / -0.1
    #expect(before > after)
    #expect(abs(slope - (before == 4 ? -8 : -4)) < 1e-5, "loss \(before), slope \(slope)")
  }

  /// Three batches of two samples, accumulated, are one of six.
  @Test(arguments: ["sgd(rate: 0.1, momentum: 0.9)", "adam(rate: 0.01)"]) func batchesAddUp(_ optimizer: String) throws {
    func text(_ size: Int, _ directive: String) -> String {
      """
      graph net(N = \(size)) {
        input x: f32[N, 3]
        x -> fc(4) -> tanh -> logits: fc(2)
        output logits
        train {
          input label: i32[N]
          minimize cross_entropy(logits, label)
          with \(optimizer)
          clip norm(0.2)
          \(directive)
        }
      }
      """
    }
    let (whole, parts) = (try trainer(text(6, "")), try trainer(text(2, "accumulate batches(3)")))
    #expect(parts.batchSize == 6 && parts.inputs.map(\.type) == whole.inputs.map(\.type))
    #expect(parts.scores?.type == whole.scores?.type)
    let labels = [Int32(0), 1, 1, 0, 1, 1].withUnsafeBytes { Array($0) }
    for step in 0..<4 {
      let batch = [bytes((0..<18).map { Float(($0 * 7 + step * 5) % 11) / 11 - 0.4 }), labels]
      let (a, b) = (whole.step(batch, rate: 0.1), parts.step(batch, rate: 0.1))
      #expect(abs(a.loss - b.loss) < 1e-6)
      #expect(zip(a.scores, b.scores).allSatisfy { abs($0 - $1) < 1e-5 } && a.scores.count == b.scores.count)
      #expect(abs(whole.evaluate(batch).loss - parts.evaluate(batch).loss) < 1e-6)
    }
    for (a, b) in zip(whole.parameters, parts.parameters) {
      #expect(zip(a.tensor.floats(), b.tensor.floats()).allSatisfy { abs($0 - $1) < 1e-5 }, "\(a.name)")
    }
  }

  @Test func aSnapshotGoesOnToTheSameBits() throws {
    let text = """
      graph net(N = 2) {
        input x: f32[N, 3]
        x -> fc(4) -> relu -> logits: fc(2)
        output logits
        train {
          input label: i32[N]
          minimize cross_entropy(logits, label)
          with adam(rate: 0.01)
        }
      }
      """
    let trainer = try trainer(text)
    let labels = [Int32(0), 1].withUnsafeBytes { Array($0) }
    let batch = [bytes([1, 2, 3, -1, 0.5, 0]), labels]
    for _ in 0..<3 { _ = trainer.step(batch, rate: 0.01) }
    let snapshot = trainer.snapshot
    for _ in 0..<3 { _ = trainer.step(batch, rate: 0.01) }
    let end = trainer.snapshot
    let other = try self.trainer(text)
    try other.restore(snapshot)
    for _ in 0..<3 { _ = other.step(batch, rate: 0.01) }
    #expect(other.snapshot == end)
  }
}
