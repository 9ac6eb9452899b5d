import GraphCompiler

/// In which order samples are drawn: a function of the seed alone, the same on every machine.
enum SampleOrder {
  /// The samples in the order of an epoch, which counts from 0.
  static func shuffled(_ samples: [Int], epoch: Int, seed: UInt64) -> [Int] {
    permutation(samples.count, RandomStream(seed: seed, name: "shuffle epoch \(epoch)")).map { samples[$0] }
  }

  /// Divides the samples `0..<count` in two; both parts keep their order.
  static func split(
    _ count: Int, validation: Int, seed: UInt64
  ) -> (training: [Int], validation: [Int]) {
    let order = permutation(count, RandomStream(seed: seed, name: "split"))
    return (order.dropFirst(validation).sorted(), order.prefix(validation).sorted())
  }

  /// Fisher & Yates, in the form of Durstenfeld 1964. Of 64 random bits each, the product with the number of choices
  /// tells the choice in its upper half.
  static func permutation(_ count: Int, _ stream: RandomStream) -> [Int] {
    var order = Array(0..<count)
    var words = SIMD4<UInt32>()
    for draw in 0..<max(0, count - 1) {
      if draw.isMultiple(of: 2) { words = stream.words(draw / 2) }
      let half = draw.isMultiple(of: 2) ? words.lowHalf : words.highHalf
      let bits = UInt64(half[0]) | UInt64(half[1]) << 32
      let last = count - 1 - draw
      order.swapAt(last, Int(bits.multipliedFullWidth(by: UInt64(last + 1)).high))
    }
    return order
  }
}

/// How an image is changed before a step of training.
struct Variation: Equatable {
  var isMirrored = false
  /// The pixel that comes to the first row and column, before mirroring.
  var row = 0
  var column = 0

  /// What the directives choose for a sample in an epoch: the same in whatever batch the sample is.
  init(_ augmentation: Augmentation, sample: Int, _ stream: RandomStream) {
    let words = stream.words(sample)
    isMirrored = augmentation.flips && words[0] >> 31 == 1
    let choices = UInt64(2 * augmentation.cropPadding + 1)
    row = Int((UInt64(words[1]) * choices) >> 32) - augmentation.cropPadding
    column = Int((UInt64(words[2]) * choices) >> 32) - augmentation.cropPadding
  }

  init() {}

  static func stream(epoch: Int, seed: UInt64) -> RandomStream {
    RandomStream(seed: seed, name: "augment epoch \(epoch)")
  }
}
