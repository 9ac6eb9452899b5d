import LoopIR
import Testing

@testable import GraphCompiler

/// Pooling where windows hang over edges, have gaps, or remember where they found something.
@Suite struct PoolingTests {
  @Test(arguments: cases) func values(_ row: NumericCase) throws {
    try row.check()
  }

  static let cases = [
    NumericCase(
      "maxpool(f64[1, 1, 5, 4], kernel: [2, 3], stride: 2, pad: [1, 0, 0, 2], ceil: true)", [1, 1, 3, 2],
      [6, 2, 5, 4, 6, 5]),
    NumericCase(
      "maxpool(f64[1, 2, 7], kernel: 3, stride: 2, pad: 1, dilation: 2)", [1, 2, 3],
      [6, 6, 1, 3, 6, 6]),
    NumericCase(
      "maxpool(f64[1, 1, 3, 3, 4], kernel: 2, stride: [1, 2, 2])", [1, 1, 2, 1, 2],
      [6, 5, 6, 5]),
    NumericCase(
      "maxpool(f64[1, 1, 2, 5], kernel: 2, ceil: true)", [1, 1, 1, 3],
      [6, 4, 5]),
    NumericCase(
      "avgpool(f64[1, 1, 5, 4], kernel: [2, 3], stride: 2, pad: [1, 0, 0, 2], ceil: true)", [1, 1, 3, 2],
      [2.3333333333333335, 0, 0.3333333333333333, 0.75, 1.3333333333333333, 1.75]),
    NumericCase(
      "avgpool(f64[1, 1, 5, 4], kernel: [2, 3], stride: 2, pad: [1, 0, 0, 2], ceil: true, count_pad: true)",
      [1, 1, 3, 2],
      [1.1666666666666667, 0, 0.3333333333333333, 0.5, 1.3333333333333333, 1.1666666666666667]),
    NumericCase(
      "avgpool(f64[1, 1, 6], kernel: 3, stride: 2, pad: 1, ceil: true, count_pad: true)", [1, 1, 4],
      [1.6666666666666667, 2, 1.3333333333333333, 0.5]),
    NumericCase(
      "avgpool(f64[1, 1, 6], kernel: 3, stride: 2, pad: 1, dilation: 2)", [1, 1, 2],
      [2, 1.6666666666666667]),
    NumericCase(
      "avgpool(f64[1, 1, 6], kernel: 2, stride: 3, pad: 1, dilation: 3, ceil: true, count_pad: true)",
      [1, 1, 3],
      [1, 1.5, 1]),
    NumericCase(
      "avgpool(f64[1, 1, 2, 3, 2], kernel: 2, stride: 1)", [1, 1, 1, 2, 1],
      [0.25, 0.5]),
    NumericCase(
      "lppool(f64[1, 1, 4, 4], kernel: 2)", [1, 1, 2, 2],
      [7.937253933193772, 5.744562646538029, 7.483314773547883, 6.244997998398398]),
    NumericCase(
      "lppool(f64[1, 1, 5], kernel: 3, stride: 2, pad: [1, 0], p: 1)", [1, 1, 2],
      [7, 10]),
    NumericCase(
      "lppool(f64[1, 1, 6], kernel: 3, stride: 2, p: 3, ceil: true)", [1, 1, 3],
      [6.082201995573399, 5.2048278633942004, 5.0132979349645845]),
    NumericCase(
      "global_avgpool(f64[1, 2, 2, 3])", [1, 2, 1, 1],
      [1.8333333333333333, -0.16666666666666666]),
    NumericCase(
      "global_maxpool(f64[2, 2, 3])", [2, 2, 1],
      [6, 5, 4, 3]),
    NumericCase(
      "stochastic_pool(f64[1, 1, 2, 6], kernel: 2)", [1, 1, 1, 3],
      [5.2, 2, 3.888888888888889]),
    NumericCase(
      "maxout(f64[1, 6, 2], pieces: 3)", [1, 2, 2],
      [5, 6, 3, 4]),
    NumericCase(
      "gaussian_pool(f64[1, 2, 3, 4], kernel: [3, 2], sigma: 0.5)", [1, 2, 1, 2],
      [2.4142116159443954, 0.49999999999999994, -0.4142116159443958, 1.9999999999999996]),
  ]

  struct IndexCase: Sendable {
    var text: String
    var values: [Double]
    var places: [Double]
  }

  @Test(arguments: [
    IndexCase(
      text: "maxpool_indices(f64[1, 2, 3, 4], kernel: 2, stride: 1)",
      values: [6, 6, 4, 5, 3, 4, 6, 4, 5, 3, 4, 6], places: [1, 1, 7, 4, 10, 7, 0, 6, 3, 9, 6, 11]),
    IndexCase(
      text: "maxpool_indices(f64[1, 1, 5, 4], kernel: [2, 3], stride: 2, pad: [1, 0, 0, 2], ceil: true)",
      values: [6, 2, 5, 4, 6, 5], places: [1, 2, 4, 7, 12, 15]),
    IndexCase(
      text: "maxpool_indices(f64[1, 1, 2, 3, 3], kernel: 2, stride: 1)",
      values: [6, 6, 6, 5], places: [1, 1, 12, 4]),
  ])
  func places(_ row: IndexCase) throws {
    let found = try NumericCase(row.text, [], []).results()
    #expect(found.map(\.values) == [row.values, row.places])
  }

  /// Equal elements: the first one counts. Minus infinity is a maximum too, and padding never is.
  @Test func firstMaximumWins() throws {
    var op = MaxpoolIndices()
    (op.kernel, op.stride, op.pad) = ([2], [2], .numbers([1]))
    let x = Given([1, 1, 5], [-.infinity, 3, 3, 7, 7])
    let found = try GraphCompilerTests.results(of: op, [x])
    #expect(found[0].values == [-.infinity, 3, 7])
    #expect(found[1].values == [0, 1, 3])
  }

  @Test func largestOfUnsignedBytes() throws {
    var op = Maxpool()
    (op.kernel, op.stride, op.pad) = ([3], [1], .numbers([1]))
    let found = try GraphCompilerTests.results(of: op, [Given([1, 1, 3], [0, 0, 9], .u8)])
    #expect(found[0].values == [0, 9, 9])
  }

  @Test func unpoolingPutsMaximaBack() throws {
    var op = MaxUnpool()
    (op.kernel, op.outputSize) = ([2], [3, 5])
    let x = Given([1, 2, 1, 2], [5, 6, 7, 8])
    let places = Given([1, 2, 1, 2], [6, 14, 0, -1], .i64)
    let found = try GraphCompilerTests.results(of: op, [x, places])
    #expect(found[0].shape == [1, 2, 3, 5])
    var expected = [Double](repeating: 0, count: 30)
    (expected[6], expected[14], expected[15]) = (5, 6, 7)
    #expect(found[0].values == expected)
  }

  /// Where two windows found the same place, the later stays; a place behind the plane is nowhere.
  @Test func unpoolingCollisions() throws {
    var op = MaxUnpool()
    (op.kernel, op.stride, op.pad) = ([3], [2], .numbers([1]))
    let (x, places) = (Given([1, 1, 3], [1, 2, 3]), Given([1, 1, 3], [1, 1, 5], .i32))
    let found = try GraphCompilerTests.results(of: op, [x, places])
    #expect(found[0].values == [0, 2, 0, 0, 0])
  }

  @Test func stochasticPoolingOfSilence() throws {
    var op = StochasticPool()
    op.kernel = [2]
    let found = try GraphCompilerTests.results(of: op, [Given([1, 1, 4], [-1, 0, -2, 4])])
    #expect(found[0].values == [0, 4])
  }
}
