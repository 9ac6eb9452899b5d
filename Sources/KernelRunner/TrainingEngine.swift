import GraphCompiler
import TensorFiles

/// Trains a network with mini-batches of fixed size.
package protocol TrainingEngine: AnyObject {
  /// Names and types of what a step takes: the network's inputs, then those of the train section (labels).
  /// Axis 0 of each is the batch.
  var inputs: [(name: String, type: TensorType)] { get }
  var batchSize: Int { get }
  /// The output that scores classes, [batch, classes]; nil where there is none.
  var scores: (name: String, type: TensorType)? { get }

  /// Forward, backward, update.
  /// - Parameters:
  ///   - inputs: the bytes of each input, in its type.
  ///   - rate: the learning rate of this step.
  /// - Returns: the loss of the batch before the update, and its scores, row-major; none where `scores` is nil.
  func step(_ inputs: [[UInt8]], rate: Double) throws -> (loss: Double, scores: [Float])

  /// Loss and scores of a batch without a change: dropout is off, statistics are the running ones.
  func evaluate(_ inputs: [[UInt8]]) throws -> (loss: Double, scores: [Float])

  /// What a `.safetensors` file of the network holds, running statistics included.
  var parameters: [(name: String, tensor: StoredTensor)] { get }

  /// Everything that is needed to go on to the same bits: parameters, the optimizer's state, the number of the step.
  var snapshot: [UInt8] { get }

  /// Goes back to a snapshot of the same network.
  /// - Throws: where it is of another one.
  func restore(_ snapshot: [UInt8]) throws
}
