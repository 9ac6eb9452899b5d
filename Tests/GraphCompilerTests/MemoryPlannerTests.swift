import Foundation
import Testing

@testable import GraphCompiler

/// A small generator with a fixed sequence for every seed (SplitMix64).
struct TestRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

@Suite struct MemoryPlannerTests {
  static func buffers(seed: UInt64, count: Int, alignment: Int = 64) -> [BufferLifetime] {
    var random = TestRandom(seed: seed)
    return (0..<count).map { place in
      let first = Int.random(in: 0..<count, using: &random)
      let length = Int.random(in: 0...max(1, count / 4), using: &random)
      return BufferLifetime(
        name: "b\(place)", byteCount: Int.random(in: 0...1000, using: &random), first: first,
        last: first + length,
        alignment: alignment)
    }
  }

  /// Laws of every plan: aligned offsets, no two live buffers overlap, the peak is the top, nothing beats the
  /// bound.
  static func expectLaws(_ plan: MemoryPlan, _ buffers: [BufferLifetime]) {
    #expect(plan.offsets.count == buffers.count)
    #expect(plan.peak >= plan.lowerBound)
    let tops = zip(plan.offsets, buffers).map { $0 + $1.byteCount }
    #expect(plan.peak == tops.max() ?? 0)
    #expect(zip(plan.offsets, buffers).allSatisfy { $0 >= 0 && $0.isMultiple(of: $1.alignment) })
    var overlaps: [String] = []
    for i in buffers.indices {
      for j in 0..<i
      where buffers[i].meets(buffers[j]) && tops[i] > plan.offsets[j] && tops[j] > plan.offsets[i] {
        overlaps.append("\(buffers[i].name) and \(buffers[j].name)")
      }
    }
    #expect(overlaps.isEmpty)
  }

  @Test(arguments: 0..<40) func noTwoLiveBuffersOverlap(_ seed: UInt64) {
    let buffers = Self.buffers(
      seed: seed, count: 1 + Int(seed) / 2, alignment: seed.isMultiple(of: 2) ? 1 : 64)
    let plan = MemoryPlanner.plan(buffers, effort: 1_000)
    Self.expectLaws(plan, buffers)
    #expect(MemoryPlanner.plan(buffers, effort: 1_000) == plan)
  }

  /// Every order of placing the buffers at their lowest offsets: one of them is optimal.
  static func optimum(_ buffers: [BufferLifetime], _ placed: [(place: Int, offset: Int)] = []) -> Int {
    let rest = buffers.indices.filter { place in !placed.contains { $0.place == place } }
    if rest.isEmpty { return placed.map { $0.offset + buffers[$0.place].byteCount }.max() ?? 0 }
    return rest.map { place in
      let below = placed.filter { buffers[$0.place].meets(buffers[place]) }
        .map { ($0.offset, $0.offset + buffers[$0.place].byteCount) }.sorted(by: <)
      var offset = 0
      for (start, end) in below where offset + buffers[place].byteCount > start { offset = max(offset, end) }
      return optimum(buffers, placed + [(place, offset)])
    }.min() ?? 0
  }

  @Test(arguments: 0..<30) func smallProblemsAreSolvedExactly(_ seed: UInt64) {
    let buffers = Self.buffers(seed: 1000 + seed, count: 5, alignment: 1)
    let optimum = Self.optimum(buffers)
    #expect(MemoryPlanner.plan(buffers).peak <= optimum + optimum / 1000)
  }

  @Test func aPackingThatGreedyOrdersMiss() {
    // The example of MiniMalloc: five buffers fit into 12.
    let spans = [(0, 3, 4), (3, 9, 4), (0, 9, 4), (9, 21, 4), (0, 21, 4)]
    let buffers = spans.enumerated().map { place, span in
      BufferLifetime(name: "b\(place)", byteCount: span.2, first: span.0, last: span.1 - 1, alignment: 1)
    }
    #expect(MemoryPlanner.plan(buffers).peak == 12)
  }

  @Test func aChainNeedsItsLargestNeighbors() {
    let sizes = [100, 300, 200, 400, 50]
    let buffers = sizes.enumerated().map { place, size in
      BufferLifetime(name: "v\(place)", byteCount: size, first: place, last: place + 1, alignment: 1)
    }
    let plan = MemoryPlanner.plan(buffers)
    #expect(plan.lowerBound == 600)
    #expect(plan.peak == 600)
  }

  @Test func nothingNeedsNothing() {
    #expect(MemoryPlanner.plan([]) == MemoryPlan(offsets: [], peak: 0, lowerBound: 0))
  }

  /// The problems of MiniMalloc (Moffitt 2023), where they lie beside the repository; a ratio of 1 is
  /// optimal.
  static let benchmarkFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/minimalloc")

  static let benchmarks =
    ((try? FileManager.default.contentsOfDirectory(atPath: benchmarkFolder.path)) ?? [])
    .filter { $0.hasSuffix(".csv") && ["A", "B", "C", "input"].contains($0.prefix { $0 != "." }) }.sorted()

  @Test(arguments: benchmarks) func benchmark(_ name: String) throws {
    let text = try String(contentsOf: Self.benchmarkFolder.appendingPathComponent(name), encoding: .utf8)
    let buffers = text.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: ",")
      return BufferLifetime(
        name: String(fields[0]), byteCount: Int(fields[3]) ?? 0, first: Int(fields[1]) ?? 0,
        last: (Int(fields[2]) ?? 1) - 1, alignment: 1)
    }
    let plan = MemoryPlanner.plan(buffers, effort: 20_000)
    Self.expectLaws(plan, buffers)
    #expect(Double(plan.peak) < 1.45 * Double(plan.lowerBound))
  }
}
