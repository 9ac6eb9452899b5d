import Foundation
import TensorFiles
import Testing
import lenet5

/// Trained LeNet-5, as plain C, on the images of Fashion-MNIST that the repository ships.
@Suite struct FashionTests {
  private static let folder = GeneratedNetwork.graphs.appendingPathComponent("fashion")
  private static let pixelCount = 784

  @Test func predictsWhatTheReferencePredicts() throws {
    let images = try Self.bytes("sample_images_u8.npy")
    let expected = try Self.bytes("sample_predictions_u8.npy")
    let labels = try Self.bytes("sample_labels_u8.npy")
    #expect(images.count == 256 * Self.pixelCount)
    let memory = try ParameterMemory("lenet5")
    let parameters = try #require(memory.block)
    let predictions = expected.indices.map { place in
      let image = images[place * Self.pixelCount..<(place + 1) * Self.pixelCount].map { Float($0) / 255 }
      let scores = outputs(LENET5_SCORES_COUNT, arenaBytes: LENET5_ARENA_BYTES) {
        lenet5_forward(parameters, image, $0, $1)
      }
      return UInt8(scores.indices.max { scores[$0] < scores[$1] } ?? 0)
    }
    #expect(predictions == expected)
    let hits = zip(predictions, labels).count { $0 == $1 }
    #expect(hits >= 220, "of 256")
  }

  @Test func checkKnowsItsWeights() throws {
    let memory = try ParameterMemory("lenet5")
    let parameters = try #require(memory.block)
    #expect(lenet5_check(parameters) == 0)
  }

  /// Magic word, layout hash, checksum, length, the first weight, the last word.
  @Test(arguments: [(0, 1), (9, 2), (17, 3), (24, 2), (64, 3), (-60, 3)] as [(Int, UInt32)])
  func checkRefusesAFlippedByte(place: Int, answer: UInt32) throws {
    let memory = try ParameterMemory("lenet5")
    let offset = place < 0 ? memory.bytes.count + place : place
    memory.bytes[offset] ^= 0x10
    let parameters = try #require(memory.block)
    #expect(lenet5_check(parameters) == Int32(answer))
    memory.bytes[offset] ^= 0x10
    #expect(lenet5_check(parameters) == 0)
  }

  private static func bytes(_ name: String) throws -> [UInt8] {
    try NumpyFile.read(folder.appendingPathComponent(name).path).int64s().map {
      UInt8(truncatingIfNeeded: $0)
    }
  }
}
