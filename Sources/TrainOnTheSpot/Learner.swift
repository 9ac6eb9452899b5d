import TensorFiles
import lenet5_trainer

/// LeNet-5 that learns: generated C, and the memory that it works in. Nothing else of graphc is needed for that.
final class Learner {
  /// Images of one step, as the code was generated.
  static let batch = Int(LENET5_TRAINER_LABEL_COUNT)
  static let pixelCount = Int(LENET5_TRAINER_IMAGE_COUNT) / batch
  static let classCount = Int(LENET5_TRAINER_SCORES_COUNT) / batch

  /// Parameters, and what the optimizer keeps: one block that could be copied, saved or sent.
  private let memory: UnsafeMutableRawPointer
  private let arena: UnsafeMutableRawPointer

  /// - Parameter seed: selects the first parameters.
  init(seed: UInt64) {
    memory = .allocate(byteCount: Int(LENET5_TRAINER_STATE_BYTES), alignment: 64)
    arena = .allocate(byteCount: Int(LENET5_TRAINER_ARENA_BYTES), alignment: 64)
    lenet5_trainer_init_random(OpaquePointer(memory), seed, arena)
  }

  deinit {
    memory.deallocate()
    arena.deallocate()
  }

  /// Forward, backward, update.
  /// - Parameter images: `batch` of them, pixels from 0 to 1.
  /// - Returns: the loss before the update.
  func step(_ images: [Float], _ labels: [Int32], rate: Float) -> Float {
    precondition(images.count == Self.batch * Self.pixelCount && labels.count == Self.batch)
    var (scores, loss) = ([Float](repeating: 0, count: Int(LENET5_TRAINER_SCORES_COUNT)), Float.nan)
    lenet5_trainer_train_step(OpaquePointer(memory), images, labels, [rate], &scores, &loss, arena)
    return loss
  }

  /// The class with the largest score, for any number of images.
  func classes(of images: [[Float]]) -> [Int] {
    stride(from: 0, to: images.count, by: Self.batch).flatMap { start in
      let part = images[start..<min(start + Self.batch, images.count)]
      let blank = [Float](repeating: 0, count: (Self.batch - part.count) * Self.pixelCount)
      var scores = [Float](repeating: 0, count: Int(LENET5_TRAINER_SCORES_COUNT))
      lenet5_trainer_forward(OpaquePointer(memory), part.flatMap { $0 } + blank, &scores, arena)
      return part.indices.map { place in
        let row = scores[(place - start) * Self.classCount..<(place - start + 1) * Self.classCount]
        return row.indices.reduce(row.startIndex) { row[$1] > row[$0] ? $1 : $0 } - row.startIndex
      }
    }
  }

  /// Writes the parameters where `graphc run --weights` can read them.
  func save(to path: String) throws(TensorFileError) {
    var tensors: [(name: String, tensor: StoredTensor)] = []
    withUnsafeBytes(of: lenet5_trainer_parameter_table) { bytes in
      for entry in bytes.bindMemory(to: lenet5_trainer_tensor.self) {
        let shape = withUnsafeBytes(of: entry.shape) { extents in
          extents.bindMemory(to: Int32.self).prefix(Int(entry.rank)).map { Int($0) }
        }
        let numbers = UnsafeRawBufferPointer(start: memory + entry.offset, count: 4 * entry.count)
        tensors.append(
          (String(cString: entry.name), StoredTensor(shape: shape, Array(numbers.bindMemory(to: Float.self))))
        )
      }
    }
    guard let file = SafetensorsFile(tensors: tensors) else {
      preconditionFailure("parameters have names of their own")
    }
    try file.write(to: path)
  }
}
