import Datasets
import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles
import Testing

@testable import graphc

@Suite struct SampleOrderTests {
  private let stream = RandomStream(seed: 5, name: "test")

  @Test(arguments: [0, 1, 2, 3, 100, 1001]) func permutations(_ count: Int) {
    let order = SampleOrder.permutation(count, stream)
    #expect(order.sorted() == Array(0..<count))
    #expect(order == SampleOrder.permutation(count, stream))
  }

  /// Pinned: checkpoints of one version and machine go on in another.
  @Test func ordersStayAsTheyAre() {
    #expect(SampleOrder.shuffled(Array(10..<20), epoch: 0, seed: 1) == [18, 15, 19, 17, 13, 10, 12, 14, 11, 16])
    #expect(SampleOrder.split(10, validation: 3, seed: 1).validation == [5, 7, 8])
  }

  @Test func everyOrderIsAsLikely() {
    var counts: [[Int]: Int] = [:]
    for seed in 0..<6000 {
      counts[SampleOrder.permutation(3, RandomStream(seed: UInt64(seed), name: "p")), default: 0] += 1
    }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { (850...1150).contains($0) })
  }

  @Test func splitsAreDisjoint() {
    let (training, validation) = SampleOrder.split(100, validation: 13, seed: 9)
    #expect(validation.count == 13)
    #expect((training + validation).sorted() == Array(0..<100))
    #expect(training == training.sorted() && validation == validation.sorted())
  }

  @Test func variationsCoverTheirRange() throws {
    let text = """
      graph net {
        input x: f32[1, 1, 8, 8]
        output y = x -> global_avgpool
        train {
          minimize reduce_sum(y, keep: false)
          augment flip()
          augment crop(pad: 2)
        }
      }
      """
    let augmentation = try Augmentation(GraphParser.parse(SourceFile(path: "n", text: text)).graph)
    let variations = (0..<1000).map { Variation(augmentation, sample: $0, stream) }
    #expect(Set(variations.map(\.row)) == Set(-2...2) && Set(variations.map(\.column)) == Set(-2...2))
    #expect((440...560).contains(variations.count { $0.isMirrored }))
    #expect(Variation(Augmentation(), sample: 3, stream) == Variation())
  }
}

@Suite struct SampleColumnTests {
  private func numbers(
    _ column: SampleColumn, _ sample: Int, _ variation: Variation = Variation()
  ) -> [Float] {
    var result = [Float](repeating: .nan, count: column.sampleByteCount / 4)
    result.withUnsafeMutableBytes { column.write(sample, variation, to: $0) }
    return result
  }

  private func variation(_ row: Int, _ column: Int, mirrored: Bool = false) -> Variation {
    var variation = Variation()
    (variation.row, variation.column, variation.isMirrored) = (row, column, mirrored)
    return variation
  }

  private let type = TensorType(.f32, [1, 1, 2, 3])

  @Test func bytesAndNumbersGiveTheSameBits() throws {
    var scaling = SampleColumn.Scaling()
    (scaling.divisor, scaling.mean, scaling.deviation) = (255, [0.2861, 0.1, 0.7], [0.353, 0.2, 0.3])
    let type = TensorType(.f32, [1, 3, 2, 2])
    let bytes = (0..<24).map { UInt8($0 * 10) }
    let looked = try SampleColumn(StoredTensor(shape: [2, 3, 2, 2], bytes), type, scaling)
    let computed = try SampleColumn(StoredTensor(shape: [2, 3, 2, 2], bytes.map(Float.init)), type, scaling)
    for sample in 0..<2 {
      for variation in [Variation(), variation(1, -1, mirrored: true)] {
        #expect(numbers(looked, sample, variation) == numbers(computed, sample, variation))
      }
    }
    #expect(numbers(looked, 0)[4] == Float((40.0 / 255 - 0.1) / 0.2))
  }

  @Test func imagesMove() throws {
    let image = StoredTensor(shape: [1, 2, 3], [1, 2, 3, 4, 5, 6] as [UInt8])
    let column = try SampleColumn(image, type, SampleColumn.Scaling())
    #expect(numbers(column, 0) == [1, 2, 3, 4, 5, 6])
    #expect(numbers(column, 0, variation(0, 0, mirrored: true)) == [3, 2, 1, 6, 5, 4])
    #expect(numbers(column, 0, variation(1, 0)) == [4, 5, 6, 0, 0, 0])
    #expect(numbers(column, 0, variation(0, -1)) == [0, 1, 2, 0, 4, 5])
    #expect(numbers(column, 0, variation(-1, 1, mirrored: true)) == [0, 0, 0, 0, 3, 2])
  }

  /// What moves in is black before it is normalized.
  @Test func blackIsNormalizedToo() throws {
    var scaling = SampleColumn.Scaling()
    (scaling.mean, scaling.deviation) = ([1], [2])
    for tensor in [
      StoredTensor(shape: [1, 2, 3], [1, 3, 5, 7, 9, 11] as [UInt8]),
      StoredTensor(shape: [1, 2, 3], [1, 3, 5, 7, 9, 11] as [Double]),
    ] {
      let column = try SampleColumn(tensor, type, scaling)
      #expect(numbers(column, 0, variation(1, 0)) == [3, 4, 5, -0.5, -0.5, -0.5])
    }
  }

  @Test func labelsInOtherTypes() throws {
    let column = try SampleColumn(
      StoredTensor(shape: [3], [2, 0, 1] as [Double]), TensorType(.i64, [8]), SampleColumn.Scaling())
    var label: Int64 = -1
    withUnsafeMutableBytes(of: &label) { column.write(0, Variation(), to: $0) }
    #expect(label == 2)
    #expect(throws: TensorFileError.self) {
      try SampleColumn(StoredTensor(shape: [1], [0.5]), TensorType(.i32, [8]), SampleColumn.Scaling())
    }
  }
}

@Suite struct TrainingDataTests {
  private func message(
    _ columns: [StoredTensor], shape: [Int] = [1, 2, 2], classes: Int = 3
  ) throws -> String? {
    let engine = SoftmaxEngine(shape: shape, classes: classes, batch: 2)
    let demand = DataDemand(engine, try engine.graph, Augmentation(), divisor: nil)
    let dataset = try Dataset(name: "data", columns: columns)
    do throws(TensorFileError) {
      _ = try TrainingData(dataset, demand)
      return nil
    } catch {
      return error.headline + (error.cure.map { "; \($0)" } ?? "")
    }
  }

  private func bytes(_ shape: [Int]) -> StoredTensor {
    StoredTensor(shape: shape, [UInt8](repeating: 0, count: shape.reduce(1, *)))
  }

  @Test(arguments: [[2, 2], [1, 2, 2], [4], [2, 2, 1], [2, 1, 2]]) func shapesThatFit(_ shape: [Int]) throws {
    #expect(try message([bytes([3] + shape), bytes([3])]) == nil)
    #expect(try message([bytes([3] + shape), bytes([3, 1])]) == nil)
  }

  @Test func shapesThatDoNotFit() throws {
    #expect(
      try message([bytes([3, 3, 2]), bytes([3])])
        == "expected samples of shape [1, 2, 2] for 'x', found [3, 2]; scale or crop the images")
    #expect(
      try message([bytes([3, 4, 5, 3]), bytes([3])], shape: [3, 4, 5])
        == "expected samples of shape [3, 4, 5] for 'x', found [4, 5, 3]; the channels come last: move them to the front"
    )
    #expect(
      try message([bytes([3, 5]), bytes([3])]) == "expected samples of shape [1, 2, 2] for 'x', found [5]")
    #expect(
      try message([bytes([3, 4]), bytes([3, 2])]) == "expected samples of shape [] for 'label', found [2]")
    #expect(
      try message([bytes([3, 4])])
        == "expected an array for each of 'x' and 'label', found 1 array; give SAMPLES,LABELS")
    #expect(
      try message([bytes([3, 4]), bytes([3]), bytes([3])])
        == "expected an array for each of 'x' and 'label', found 3 arrays; give SAMPLES,LABELS")
  }

  @Test func labelsOutOfRange() throws {
    let samples = bytes([2, 4])
    #expect(try message([samples, StoredTensor(shape: [2], [0, 2] as [Int32])]) == nil)
    #expect(
      try message([samples, StoredTensor(shape: [2], [0, 3] as [UInt8])])
        == "expected labels from 0 to 2, found 3 for sample 1")
    #expect(
      try message([samples, StoredTensor(shape: [2], [-1, 0] as [Int64])])
        == "expected labels from 0 to 2, found -1 for sample 0")
    #expect(
      try message([samples, StoredTensor(shape: [2], [.max, 0] as [Int64])])
        == "expected labels from 0 to 2, found 9223372036854775807 for sample 0")
    #expect(
      try message([samples, StoredTensor(shape: [2], [0.5, 0])])
        == "element 0 of a tensor, 0.5, is not an integer")
  }

  /// Labels that the loss leaves out may lie outside of the classes.
  @Test func ignoredLabels() throws {
    let text = """
      graph net {
        input x: f32[2, 4]
        output y = x -> fc(3)
        train {
          input label: i32[2]
          minimize cross_entropy(y, label, ignore_index: -100)
        }
      }
      """
    let graph = try GraphParser.parse(SourceFile(path: "n", text: text)).graph
    let engine = SoftmaxEngine(shape: [4], classes: 3, batch: 2)
    let demand = DataDemand(engine, graph, Augmentation(), divisor: nil)
    let dataset = try Dataset(
      name: "data", columns: [bytes([3, 4]), StoredTensor(shape: [3], [-100, 0, 0] as [Int32])])
    let data = try TrainingData(dataset, demand)
    #expect(data.classes == [-1, 0, 0])
    let batches = Batches(data: data, samples: [0, 1], size: 2)
    let score = batches.score([0, 1], [1, 0, 0, 1, 0, 0])
    #expect(score == (1, 1))
  }

  @Test func largestIsTheFirstOfEquals() {
    #expect(largestPlace([1, 3, 3, 2]) == 1)
    #expect(largestPlace([.nan, -1, .nan]) == 1)
    #expect(largestPlace([.nan, .nan]) == 0)
    #expect(largestPlace([9, 1, 2][1...]) == 1)
  }
}
