import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// Resizing and sampling. Elements are squares 0, 1, 4, …; expected values come from ONNX's reference.
@Suite struct ResamplingTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    var use: String
    var operands: [Given]
    var values: [Double]

    var testDescription: String { use }
  }

  static func squares(_ shape: [Int]) -> Given {
    Given(shape, (0..<shape.reduce(1, *)).map { Double($0 * $0) })
  }

  static let resizeSamples: [(String, [Int], [Double])] = [
    ("size: 5, mode: \"linear\", coordinates: \"align_corners\"", [3], [0, 0.5, 1, 2.5, 4]),
    ("scale: 2, mode: \"linear\", coordinates: \"asymmetric\"", [3], [0, 0.5, 1, 2.5, 4, 4]),
    ("scale: 2, mode: \"linear\"", [3], [0, 0.25, 0.75, 1.75, 3.25, 4]),
    ("scale: 0.5, mode: \"linear\", antialias: true", [8], [0.875, 7, 21, 41.125]),
    (
      "size: 6, mode: \"cubic\", coefficient: -0.5, exclude_outside: true", [4],
      [-5.0 / 76, 5.0 / 17, 49.0 / 36, 121.0 / 36, 116.0 / 17, 709.0 / 76]
    ),
    (
      "size: 4, mode: \"linear\", coordinates: \"region\", region: [-0.25, 0.5], outside: 9", [5],
      [9, 0, 1, 4]
    ),
    ("size: 7, coordinates: \"align_corners\"", [4], [0, 0, 1, 1, 4, 4, 9]),
    ("size: 7, coordinates: \"align_corners\", rounding: \"half_up\"", [4], [0, 1, 1, 4, 4, 9, 9]),
    ("size: 3, coordinates: \"align_corners\", rounding: \"floor\"", [5], [0, 4, 16]),
    ("scale: 0.6, mode: \"linear\", coordinates: \"half_pixel_symmetric\"", [4], [2.0 / 3, 17.0 / 3]),
  ]

  @Test(arguments: resizeSamples)
  func resizes(_ attributes: String, _ extents: [Int], _ values: [Double]) throws {
    try expect("resize(f64[1, 1, \(extents[0])], \(attributes))", [Self.squares([1, 1] + extents)], values)
  }

  /// Several axes are one axis after the other.
  @Test func resizesPlanes() throws {
    let x = Given([1, 1, 2, 2], [0, 1, 2, 3])
    try expect(
      "resize(f64[1, 1, 2, 2], scale: [2, 1], mode: \"linear\")", [x], [0, 1, 0.5, 1.5, 1.5, 2.5, 2, 3])
    try expect("resize(f64[1, 1, 2, 2], size: [1, 4])", [x], [0, 0, 1, 1])
  }

  static let blocks: [Sample] = [
    Sample(
      use: "depth_to_space(f64[1, 8, 1, 1], block: 2)", operands: [squares([1, 8, 1, 1])],
      values: [0, 4, 16, 36, 1, 9, 25, 49]),
    Sample(
      use: "depth_to_space(f64[1, 8, 1, 1], block: 2, order: \"crd\")", operands: [squares([1, 8, 1, 1])],
      values: [0, 1, 4, 9, 16, 25, 36, 49]),
    Sample(
      use: "space_to_depth(f64[1, 2, 2, 2], block: 2)", operands: [squares([1, 2, 2, 2])],
      values: [0, 16, 1, 25, 4, 36, 9, 49]),
    Sample(
      use: "col2im(f64[1, 4, 4], size: [3, 3], kernel: 2)", operands: [squares([1, 4, 4])],
      values: [0, 17, 25, 68, 270, 218, 100, 317, 225]),
    Sample(
      use: "affine_grid(f64[1, 2, 3], size: [2, 2], align_corners: true)",
      operands: [Given([1, 2, 3], [1, 2, 3, 4, 5, 6])], values: [0, -3, 2, 5, 4, 7, 6, 15]),
    Sample(
      use: "roi_align(f64[1, 1, 4, 4], f64[1, 4], i64[1], height: 2, width: 2)",
      operands: [squares([1, 1, 4, 4]), Given([1, 4], [0.5, 0.25, 3, 2]), Given([1], [0], .i64)],
      values: [4.890625, 10.109375, 27.4375, 41.25]),
    Sample(
      use:
        "roi_align(f64[1, 1, 4, 4], f64[1, 4], i64[1], height: 1, width: 2, samples: 1, half_pixel: false, "
        + "mode: \"max\")",
      operands: [squares([1, 1, 4, 4]), Given([1, 4], [0.5, 0.25, 3, 2]), Given([1], [0], .i64)],
      values: [19.140625, 19.6875]),
    Sample(
      use: "roi_maxpool(f64[1, 1, 4, 4], f64[2, 5], height: 2, width: 1)",
      operands: [squares([1, 1, 4, 4]), Given([2, 5], [0, 1, 0, 2, 3, 0, 9, 9, 9, 9])],
      values: [36, 196, 0, 0]),
  ]

  @Test(arguments: blocks)
  func computes(_ sample: Sample) throws { try expect(sample.use, sample.operands, sample.values) }

  static let samplings: [(String, [Double])] = [
    ("mode: \"nearest\"", [0, 1, 0, 0]),
    ("align_corners: true", [0, 8.5, 20.5, 0]),
    ("mode: \"cubic\"", [-0.416015625, 10.09375, 14.990600585938, 0]),
    ("padding: \"border\"", [0, 8.5, 22.75, 19.75]),
    ("mode: \"cubic\", padding: \"border\"", [-0.884765625, 8.5, 25.068115234375, 20.2421875]),
    ("mode: \"nearest\", padding: \"reflection\"", [0, 1, 25, 16]),
    ("padding: \"reflection\", align_corners: true", [0, 8.5, 20.5, 10.375]),
    ("mode: \"cubic\", padding: \"reflection\"", [-1.6640625, 8.5, 26.92919921875, 12.6015625]),
  ]

  @Test(arguments: samplings)
  func samples(_ attributes: String, _ values: [Double]) throws {
    let grid = Given([1, 2, 2, 2], [-1, -1, 0, 0, 0.5, 1, 2, 0.25])
    let use = "grid_sample(f64[1, 1, 2, 3], f64[1, 2, 2, 2], \(attributes))"
    try expect(use, [Self.squares([1, 1, 2, 3]), grid], values)
  }

  static let refusals: [(String, String)] = [
    ("resize(f32[1, 1, 4])", "'scale' is missing"),
    ("resize(f32[1, 1, 4], scale: -1)", "'scale' must be above 0"),
    ("resize(f32[1, 1, 4], scale: 1e30)", "'scale' must be above 0 and at most"),
    ("resize(f32[1, 1, 0], size: 4)", "axis 2 of f32[1, 1, 0] does not become 4 elements"),
    ("resize(f32[1, 1, 4], size: [2, 2])", "'resize' of 1 axes has 2 numbers"),
    ("resize(f32[2, 3], scale: 2)", "takes [N, C, spatial…], found f32[2, 3]"),
    ("resize(i32[1, 1, 4], scale: 2, mode: \"linear\")", "takes floating point"),
    ("resize(f32[1, 1, 4], scale: 2, antialias: true)", "mode: \"nearest\" has no antialias"),
    ("resize(f32[1, 1, 4], scale: 2, coordinates: \"region\")", "expected the starts and ends of 1 axes"),
    ("space_to_depth(f32[1, 1, 3, 4], block: 2)", "does not divide into blocks of 2*2 pixels"),
    ("depth_to_space(f32[1, 6, 3, 4], block: 2)", "the 6 channels of f32[1, 6, 3, 4] do not fill blocks"),
    ("space_to_depth(f32[1, 1, 3, 4])", "'block' must be at least 1"),
    ("col2im(f32[1, 8, 5], size: [3, 4], kernel: 2)", "expected [N, channels * 4, 6]"),
    ("grid_sample(f32[1, 1, 3, 4], f32[1, 2, 2, 3])", "expected grid [1, spatial…, 2]"),
    ("affine_grid(f32[1, 2, 3], size: [4])", "extents of a plane or a volume"),
    ("roi_align(f32[1, 1, 3, 4], f32[2, 5], i64[2])", "expected regions [count, 4]"),
  ]

  @Test(arguments: refusals)
  func refuses(_ use: String, _ words: String) {
    let error = #expect(throws: CompileError.self) { try GraphParser.parseExample(use) }
    let message = error?.diagnostics.first?.message ?? ""
    #expect(message.contains(words), "\(message)")
  }

  private func expect(_ use: String, _ operands: [Given], _ values: [Double]) throws {
    let node = try #require(try GraphParser.parseExample(use).nodes.first)
    let found = try results(of: node.op, operands)[0].values
    #expect(found.count == values.count)
    #expect(zip(found, values).allSatisfy { abs($0 - $1) < 1e-9 }, "\(found)")
  }
}
