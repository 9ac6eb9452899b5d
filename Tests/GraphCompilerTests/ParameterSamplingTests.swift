import Foundation
import LoopIR
import Testing

@testable import GraphCompiler

@Suite struct ParameterSamplingTests {
  typealias Words = SIMD4<UInt32>

  /// Known answers of the authors' library Random123 (kat_vectors, philox4x32 10): counter, key, bits.
  static let philoxAnswers: [(Words, SIMD2<UInt32>, Words)] = [
    (Words(repeating: 0), SIMD2(repeating: 0), Words(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
    (
      Words(repeating: UInt32.max), SIMD2(repeating: UInt32.max),
      Words(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      Words(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), SIMD2(0xa409_3822, 0x299f_31d0),
      Words(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ]

  @Test(arguments: philoxAnswers)
  func philox(counter: Words, key: SIMD2<UInt32>, bits: Words) {
    #expect(Self.blocks(Philox(key: key), counter)[0] == bits)
  }

  static func blocks(_ generator: Philox, _ counter: Words) -> [Words] {
    let blocks = generator.blocks(counter)
    return (0..<8).map { lane in
      Words(truncatingIfNeeded: SIMD4(blocks.a[lane], blocks.b[lane], blocks.c[lane], blocks.d[lane]))
    }
  }

  /// Lanes are the blocks of the counters that follow; the first word wraps around.
  @Test func eightBlocks() {
    let generator = Philox(seed: 77)
    let first = Words(0xFFFF_FFFD, 5, 6, 7)
    for (lane, block) in Self.blocks(generator, first).enumerated() {
      let counter = Words(first[0] &+ UInt32(lane), 5, 6, 7)
      #expect(Self.blocks(generator, counter)[0] == block)
    }
  }

  /// Any part of a stream is the part of the whole.
  @Test(arguments: [Distribution.uniform(low: -2, high: 5), .normal(mean: 1, deviation: 3)])
  func parts(distribution: Distribution) {
    let stream = RandomStream(seed: 9, name: "w")
    let whole: [Float] = stream.numbers(300_000, distribution)
    let doubles: [Double] = stream.numbers(300, distribution)
    #expect(doubles.map(Float.init) == Array(whole[..<300]))
    for range in [0..<0, 0..<1, 5..<38, 31..<64, 32..<96, 131_060..<131_090, 299_999..<300_000] {
      var part = [Float](repeating: .nan, count: range.count)
      part.withUnsafeMutableBufferPointer { stream.fill($0, from: range.lowerBound, distribution) }
      #expect(part == Array(whole[range]))
    }
  }

  static func radius(_ word: UInt64) -> Double {
    let fraction = (Double(word) + 0.5) / 0x1p32
    return (-2 * log(fraction)).squareRoot()
  }

  /// Two bits count quarters; a quarter begins π/4 before its axis.
  static func angle(_ word: UInt64) -> Double {
    let place = (Double(word & 0x3FFF_FFFF) + 0.5) / 0x1p30 - 0.5
    return (Double(word >> 30) + place) * .pi / 2
  }

  /// The definition, with the mathematical functions of the system.
  @Test func normalNumbersAreThoseOfBoxAndMuller() {
    let stream = RandomStream(seed: 1, name: "n")
    let found: [Double] = stream.numbers(8 * 4 * 100, .normal(mean: 0, deviation: 1))
    for group in 0..<100 {
      let blocks = stream.blocks(group)
      for lane in 0..<8 {
        let radii = [blocks.a[lane], blocks.b[lane]].map(Self.radius)
        let angles = [blocks.c[lane], blocks.d[lane]].map(Self.angle)
        let cosines = [radii[0] * cos(angles[0]), radii[1] * cos(angles[1])]
        let sines = [radii[0] * sin(angles[0]), radii[1] * sin(angles[1])]
        let wanted = cosines + sines
        for (number, value) in wanted.enumerated() {
          #expect(abs(found[32 * group + 4 * lane + number] - value) < 1e-9)
        }
      }
    }
  }

  @Test(arguments: [
    ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
  ])
  func fnv(text: String, hash: UInt64) {
    #expect(RandomStream.hash(text) == hash)
  }

  static let distributions: [(Initializer, [Int], mean: Double, variance: Double)] = [
    (.uniform(low: -1, high: 3), [50_000], 1, 1.3333333333333333),
    (.normal(mean: 2, deviation: 3), [50_000], 2, 9),
    (.xavierUniform, [100, 50, 3, 3], 0, 0.0014814814814814814),
    (.xavierNormal, [100, 50, 3, 3], 0, 0.0014814814814814814),
    (.heUniform, [100, 500], 0, 0.004),
    (.heNormal, [40, 50, 5, 5], 0, 0.0016),
  ]

  /// Mean and variance of many numbers lie within five standard errors of what they should be.
  @Test(arguments: distributions)
  func moments(initializer: Initializer, shape: [Int], mean: Double, variance: Double) {
    let values = initializer.sample(TensorType(.f32, shape), name: "w", seed: 1).doubles
    let count = Double(values.count)
    let foundMean = values.reduce(0, +) / count
    let foundVariance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    #expect(abs(foundMean - mean) < 5 * (variance / count).squareRoot())
    #expect(abs(foundVariance - variance) < 5 * variance * (2 / count).squareRoot())
  }

  /// The normal distribution function at whole deviations, by counting.
  @Test func normalShape() {
    let values: [Double] = RandomStream(seed: 3, name: "n").numbers(40_000, .normal(mean: 0, deviation: 1))
    for (limit, share) in [(-2.0, 0.02275), (-1, 0.15866), (0, 0.5), (1, 0.84134), (2, 0.97725)] {
      let found = Double(values.count { $0 < limit }) / 40_000
      #expect(abs(found - share) < 5 * (share * (1 - share) / 40_000).squareRoot())
    }
    #expect(values.allSatisfy { abs($0) < 7 })
  }

  @Test func numbersDependOnNameAndSeedOnly() {
    let type = TensorType(.f32, [10])
    let first = Initializer.heNormal.sample(type, name: "conv1.weight", seed: 5)
    #expect(first == Initializer.heNormal.sample(type, name: "conv1.weight", seed: 5))
    #expect(first != Initializer.heNormal.sample(type, name: "conv2.weight", seed: 5))
    #expect(first != Initializer.heNormal.sample(type, name: "conv1.weight", seed: 6))
    let longer = Initializer.normal(mean: 0, deviation: 1).sample(TensorType(.f32, [15]), name: "a").doubles
    let shorter = Initializer.normal(mean: 0, deviation: 1).sample(TensorType(.f32, [9]), name: "a").doubles
    #expect(longer.starts(with: shorter))
  }

  @Test func constants() {
    let type = TensorType(.i32, [3])
    #expect(Initializer.zeros.sample(type, name: "a").doubles == [0, 0, 0])
    #expect(Initializer.ones.sample(type, name: "a").doubles == [1, 1, 1])
    #expect(Initializer.constant(7).sample(type, name: "a").storage == .integers([7, 7, 7]))
  }

  /// Products of the shorter vectors of a matrix, by their places.
  static func products(_ values: [Double], _ shape: [Int]) -> [[Double]] {
    let (rows, columns) = (shape[0], shape.dropFirst().reduce(1, *))
    let vectors: [[Double]] = (0..<min(rows, columns)).map { place in
      rows <= columns
        ? Array(values[place * columns..<(place + 1) * columns])
        : stride(from: place, to: values.count, by: columns).map { values[$0] }
    }
    return vectors.map { a in vectors.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
  }

  @Test(arguments: [[6, 10], [10, 6], [4, 2, 3, 3], [1]])
  func orthogonal(shape: [Int]) {
    let values = Initializer.orthogonal.sample(TensorType(.f64, shape), name: "w").doubles
    for (a, row) in Self.products(values, shape).enumerated() {
      for (b, product) in row.enumerated() { #expect(abs(product - (a == b ? 1 : 0)) < 1e-13) }
    }
  }

  @Test func orthogonalInBlocks() {
    let values = orthonormalRows([7, 9], RandomStream(seed: 0, name: "w"), block: 3)
    for (a, row) in Self.products(values, [7, 9]).enumerated() {
      for (b, product) in row.enumerated() where a / 3 == b / 3 {
        #expect(abs(product - (a == b ? 1 : 0)) < 1e-13)
      }
    }
  }
}
