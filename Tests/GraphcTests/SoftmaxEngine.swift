import Foundation
import GraphCompiler
import KernelRunner
import LoopIR
import SourceText
import TensorFiles

/// Softmax regression in plain Swift: one layer, `scores = x w`, cross-entropy, momentum. Stands in for compiled code.
final class SoftmaxEngine: TrainingEngine {
  let inputs: [(name: String, type: TensorType)]
  let batchSize: Int
  let scores: (name: String, type: TensorType)?
  private(set) var weights: [Float]
  private(set) var velocity: [Float]
  private(set) var stepCount: Int64 = 0
  /// Labels of every step, in order.
  private(set) var seenLabels: [[Int32]] = []
  /// The loss of the step of this number, from 1, is not a number.
  var breaksAtStep: Int64?

  /// Every step says that its loss is 0.
  var hasNoLoss = false

  private let features: Int
  private let classes: Int

  struct WrongSnapshot: Error {}

  init(shape: [Int], classes: Int, batch: Int) {
    features = shape.reduce(1, *)
    self.classes = classes
    batchSize = batch
    inputs = [
      (name: "x", type: TensorType(.f32, [batch] + shape)), (name: "label", type: TensorType(.i32, [batch])),
    ]
    scores = (name: "y", type: TensorType(.f32, [batch, classes]))
    weights = [Float](repeating: 0, count: features * classes)
    velocity = weights
  }

  /// The network as the command reads it.
  var graph: Graph {
    get throws {
      let shape = inputs[0].type.shape.map(String.init).joined(separator: ", ")
      let text = """
        graph softmax {
          input x: f32[\(shape)]
          output y = x -> flatten -> fc(\(classes))
          train {
            input label: i32[\(batchSize)]
            minimize cross_entropy(y, label)
            with sgd(rate: 0.5)
          }
        }
        """
      return try GraphParser.parse(SourceFile(path: "softmax.graph", text: text)).graph
    }
  }

  func step(_ inputs: [[UInt8]], rate: Double) throws -> (loss: Double, scores: [Float]) {
    let (x, labels) = decode(inputs)
    seenLabels.append(labels)
    stepCount += 1
    let (loss, scores, probabilities) = forward(x, labels)
    for sample in 0..<batchSize {
      for c in 0..<classes {
        let delta = probabilities[sample * classes + c] - (Int(labels[sample]) == c ? 1 : 0)
        for f in 0..<features {
          velocity[f * classes + c] -= delta * x[sample * features + f] / Float(batchSize)
        }
      }
    }
    for place in weights.indices {
      weights[place] += Float(rate) * velocity[place]
      velocity[place] *= 0.5
    }
    return (stepCount == breaksAtStep ? .nan : hasNoLoss ? 0 : loss, scores)
  }

  func evaluate(_ inputs: [[UInt8]]) throws -> (loss: Double, scores: [Float]) {
    let (x, labels) = decode(inputs)
    let (loss, scores, _) = forward(x, labels)
    return (loss, scores)
  }

  var parameters: [(name: String, tensor: StoredTensor)] {
    [(name: "fc1.weight", tensor: StoredTensor(shape: [features, classes], weights))]
  }

  var snapshot: [UInt8] {
    withUnsafeBytes(of: stepCount) { Array($0) }
      + (weights + velocity).flatMap { number in
        withUnsafeBytes(of: number) { Array($0) }
      }
  }

  func restore(_ snapshot: [UInt8]) throws {
    guard snapshot.count == 8 + 8 * weights.count else { throw WrongSnapshot() }
    snapshot.withUnsafeBytes { bytes in
      stepCount = bytes.loadUnaligned(as: Int64.self)
      let numbers = (0..<2 * weights.count).map {
        bytes.loadUnaligned(fromByteOffset: 8 + 4 * $0, as: Float.self)
      }
      weights = Array(numbers.prefix(weights.count))
      velocity = Array(numbers.dropFirst(weights.count))
    }
  }

  private func decode(_ inputs: [[UInt8]]) -> (x: [Float], labels: [Int32]) {
    precondition(
      inputs.count == 2 && inputs[0].count == 4 * batchSize * features && inputs[1].count == 4 * batchSize)
    let x = inputs[0].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    return (x, inputs[1].withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) })
  }

  private func forward(
    _ x: [Float], _ labels: [Int32]
  ) -> (loss: Double, scores: [Float], probabilities: [Float]) {
    var (loss, scores, probabilities) = (0.0, [Float](), [Float]())
    for sample in 0..<batchSize {
      let row = (0..<classes).map { c in
        (0..<features).reduce(Float(0)) { $0 + x[sample * features + $1] * weights[$1 * classes + c] }
      }
      let largest = row.max() ?? 0
      let powers = row.map { exp($0 - largest) }
      let total = powers.reduce(0, +)
      scores += row
      probabilities += powers.map { $0 / total }
      loss -= Double(log(powers[Int(labels[sample])] / total))
    }
    return (loss / Double(batchSize), scores, probabilities)
  }
}
