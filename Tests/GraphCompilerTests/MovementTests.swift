import LoopIR
import Testing

@testable import GraphCompiler

/// Movements and reductions. Operand k has the elements 100 k, 100 k + 1, …; expected values come from NumPy.
@Suite struct MovementTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var op: any Op
    var shapes: [[Int]]
    var shape: [Int]
    var values: [Double]

    init(_ op: any Op, _ shapes: [[Int]], _ shape: [Int], _ values: [Double]) {
      self.op = op
      self.shapes = shapes
      self.shape = shape
      self.values = values
    }

    var testDescription: String { "\(op) of \(shapes)" }
  }

  static func given(_ shapes: [[Int]]) -> [Given] {
    shapes.enumerated().map { place, shape in
      Given(shape, (0..<shape.reduce(1, *)).map { Double(100 * place + $0) })
    }
  }

  static let cases: [Case] = [
    Case(Flatten(), [[2, 3, 2]], [2, 6], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    Case(Flatten(axis: -1), [[2, 3, 2]], [6, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    Case(Flatten(axis: 3), [[2, 3, 2]], [12, 1], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    Case(Reshape(shape: [3, 2, 2]), [[2, 3, 2]], [3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    Case(Reshape(shape: [0, -1]), [[2, 3, 2]], [2, 6], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    Case(Reshape(shape: []), [[1, 1]], [], [0]),
    Case(Transpose(), [[2, 3, 2]], [2, 3, 2], [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]),
    Case(Transpose(perm: [1, 2, 0]), [[2, 3, 2]], [3, 2, 2], [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]),
    Case(
      Concat(), [[2, 3, 2], [2, 1, 2], [2, 2, 2]], [2, 6, 2],
      [0, 1, 2, 3, 4, 5, 100, 101, 200, 201, 202, 203, 6, 7, 8, 9, 10, 11, 102, 103, 204, 205, 206, 207]),
    Case(Concat(axis: -1), [[2, 2], [2, 0], [2, 1]], [2, 3], [0, 1, 200, 2, 3, 201]),
    Case(Slice(starts: [1], ends: [3], axes: [1]), [[2, 5]], [2, 2], [1, 2, 6, 7]),
    Case(Slice(starts: [0, -2], ends: [1, 9_223_372_036_854_775_807]), [[2, 5]], [1, 2], [3, 4]),
    Case(Slice(starts: [-1], ends: [-100], steps: [-2]), [[6]], [3], [5, 3, 1]),
    Case(Slice(starts: [4], ends: [1], steps: [-1]), [[6]], [3], [4, 3, 2]),
    Case(Slice(starts: [4], ends: [2]), [[6]], [0], []),
    Case(Slice(starts: [1], ends: [-1], axes: [-1], steps: [3]), [[2, 9]], [2, 3], [1, 4, 7, 10, 13, 16]),
    Case(
      Pad(pads: [1, 0, 0, 2], mode: .constant, value: -1), [[2, 4]], [3, 6],
      [-1, -1, -1, -1, -1, -1, 0, 1, 2, 3, -1, -1, 4, 5, 6, 7, -1, -1]),
    Case(
      Pad(pads: [0, 3, 1, 2], mode: .reflect), [[2, 4]], [3, 9],
      [3, 2, 1, 0, 1, 2, 3, 2, 1, 7, 6, 5, 4, 5, 6, 7, 6, 5, 3, 2, 1, 0, 1, 2, 3, 2, 1]),
    Case(
      Pad(pads: [1, 2, 0, 5], mode: .replicate), [[2, 4]], [3, 11],
      [0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 6, 7, 7, 7, 7, 7, 7]),
    Case(
      Pad(pads: [2, 1, 0, 4], mode: .circular), [[2, 4]], [4, 9],
      [
        3, 0, 1, 2, 3, 0, 1, 2, 3, 7, 4, 5, 6, 7, 4, 5, 6, 7, 3, 0, 1, 2, 3, 0, 1, 2, 3, 7, 4, 5, 6,
        7, 4, 5, 6, 7,
      ]),
    Case(Pad(pads: [-1, 1, 0, -2]), [[2, 4]], [1, 3], [0, 4, 5]),
    Case(Squeeze(), [[1, 3, 1]], [3], [0, 1, 2]),
    Case(Squeeze(axes: [-1]), [[1, 3, 1]], [1, 3], [0, 1, 2]),
    Case(Unsqueeze(axes: [0, -1]), [[3]], [1, 3, 1], [0, 1, 2]),
    Case(Expand(shape: [2, 1, 2]), [[3, 1]], [2, 3, 2], [0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2]),
    Case(
      Upsample(scale: [2, 3]), [[1, 1, 2, 2]], [1, 1, 4, 6],
      [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 2, 2, 2, 3, 3, 3]),
    Case(Upsample(scale: [2], mode: .linear), [[1, 1, 3]], [1, 1, 6], [0, 0.25, 0.75, 1.25, 1.75, 2]),
    Case(
      Upsample(scale: [2, 4], mode: .linear), [[1, 1, 2, 2]], [1, 1, 4, 8],
      [
        0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1, 0.5, 0.5, 0.625, 0.875, 1.125, 1.375, 1.5, 1.5,
        1.5, 1.5, 1.625, 1.875, 2.125, 2.375, 2.5, 2.5, 2, 2, 2.125, 2.375, 2.625, 2.875, 3, 3,
      ]),
    Case(Identity(), [[3]], [3], [0, 1, 2]),
    Case(Iota(shape: [2, 3], axis: 1, type: .i64), [], [2, 3], [0, 1, 2, 0, 1, 2]),
    Case(ReduceSum(axes: [1]), [[2, 3, 2]], [2, 1, 2], [6, 9, 24, 27]),
    Case(ReduceMean(axes: [0, -1], keep: false), [[2, 3, 2]], [3], [3.5, 5.5, 7.5]),
    Case(ReduceMean(keep: false), [[2, 3, 2]], [], [5.5]),
    Case(ReduceMax(axes: [2], keep: false), [[2, 3, 2]], [2, 3], [1, 3, 5, 7, 9, 11]),
    Case(ReduceMin(axes: [0, 1]), [[2, 3, 2]], [1, 1, 2], [0, 1]),
    Case(ReduceProd(axes: [0]), [[2, 3, 2]], [1, 3, 2], [0, 7, 16, 27, 40, 55]),
    Case(ReduceSum(axes: [0]), [[0, 2]], [1, 2], [0, 0]),
  ]

  @Test(arguments: cases)
  func agreesWithNumPy(_ sample: Case) throws {
    let found = try results(of: sample.op, Self.given(sample.shapes))[0]
    #expect(found.shape == sample.shape)
    #expect(found.values == sample.values)
  }

  /// Attributes once written out stay what they are.
  @Test(arguments: cases)
  func resolvesOnce(_ sample: Case) throws {
    let types = sample.shapes.map { TensorType(.f64, $0) }
    let once = try GraphBuilder.typed(sample.op, types)
    let twice = try GraphBuilder.typed(once.op, types)
    #expect(twice.op.isEqual(to: once.op))
    #expect(twice.results == once.results)
  }

  @Test func splitsIntoPieces() throws {
    let x = Given([2, 4], [0, 1, 2, 3, 4, 5, 6, 7])
    let halves = try results(of: Split(parts: 2), [x])
    #expect(halves.map(\.values) == [[0, 1, 4, 5], [2, 3, 6, 7]])
    let pieces = try results(of: Split(sizes: [1, 0, 3], axis: -1), [x])
    #expect(pieces.map(\.shape) == [[2, 1], [2, 0], [2, 3]])
    #expect(pieces.map(\.values) == [[0, 4], [], [1, 2, 3, 5, 6, 7]])
  }

  @Test func gathersSlices() throws {
    let x = Given([3, 2], [0, 1, 2, 3, 4, 5])
    let rows = try results(of: Gather(), [x, Given([2, 2], [2, 0, -1, 7], .i32)])[0]
    #expect(rows.shape == [2, 2, 2])
    #expect(rows.values == [4, 5, 0, 1, 4, 5, 0, 0])
    let column = try results(of: Gather(axis: 1), [x, Given([], [-1], .i64)])[0]
    #expect(column.shape == [3])
    #expect(column.values == [1, 3, 5])
  }

  @Test func findsExtremes() throws {
    let x = Given([2, 4], [3, 7, 7, 1, 5, 2, 2, 5])
    #expect(try results(of: Argmax(), [x])[0].values == [1, 0])
    #expect(try results(of: Argmax(last: true), [x])[0].values == [2, 3])
    #expect(try results(of: Argmin(), [x])[0].values == [3, 1])
    let rows = try results(of: Argmax(axis: 0, keep: true), [x])[0]
    #expect(rows.shape == [1, 4])
    #expect(rows.values == [1, 0, 0, 1])
  }

  static let matrix = TensorType(.f32, [2, 3])

  static let refusals: [(any Op, [TensorType], String)] = [
    (Reshape(shape: [4, 2]), [matrix], "shape [4, 2] has 8 elements, the operand f32[2, 3] has 6"),
    (Reshape(shape: [-1, 4]), [matrix], "6 elements of f32[2, 3] do not divide into 4"),
    (Reshape(shape: [-1, -1]), [matrix], "at most one -1"),
    (Reshape(shape: [2, 3, 0]), [matrix], "no axis of f32[2, 3] to copy"),
    (Reshape(shape: [Int.max, 3, -1]), [matrix], "too many elements"),
    (Reshape(shape: [Int.max, Int.max]), [matrix], "too many elements"),
    (Transpose(perm: [0, 0]), [matrix], "does not name each axis"),
    (Concat(), [matrix, TensorType(.f32, [3, 3])], "f32[2, 3] and f32[3, 3] differ beyond axis 1"),
    (Concat(), [matrix, TensorType(.f32, [2])], "f32[2, 3] and f32[2] differ"),
    (Concat(), [matrix, TensorType(.i32, [2, 3])], "f32 and i32"),
    (Split(parts: 2), [matrix], "does not divide into 2 equal parts"),
    (Split(), [matrix], "needs the number of parts"),
    (Split(sizes: [1, Int.max]), [matrix], "do not add up to 3"),
    (Split(parts: 2, sizes: [1, 1, 1]), [matrix], "2 parts and 3 sizes"),
    (Slice(starts: [0], ends: [1], steps: [0]), [matrix], "'steps' must not be 0"),
    (Slice(starts: [0], ends: []), [matrix], "differ in length: 1, 0, 1, 1"),
    (Slice(starts: [0, 0], ends: [1, 1], axes: [1, -1]), [matrix], "names an axis twice"),
    (Pad(pads: [1]), [matrix], "'pads' has 1 numbers for f32[2, 3]"),
    (Pad(pads: [0, -2, 0, -2]), [matrix], "cut more than axis 1"),
    (Pad(pads: [2, 0, 0, 0], mode: .reflect), [matrix], "input of 2 along axis 0: at most 1"),
    (Pad(pads: [Int.max, 0, 0, 0]), [matrix], "must lie in"),
    (Squeeze(axes: [1]), [matrix], "axis 1 of f32[2, 3] has extent 3"),
    (Unsqueeze(axes: [4]), [matrix], "must lie in -3..<3"),
    (Upsample(scale: [2]), [matrix], "takes [N, C, spatial…], found f32[2, 3]"),
    (Upsample(scale: [0]), [TensorType(.f32, [1, 1, 3])], "'scale' must be at least 1"),
    (Expand(shape: [4, 3]), [matrix], "[2, 3] and [4, 3] do not broadcast"),
    (Gather(), [matrix, matrix], "takes integers, found f32[2, 3]"),
    (Argmax(), [TensorType(.f32, [2, 0])], "no elements to choose from"),
    (ReduceMean(), [TensorType(.bool, [2])], "takes numbers"),
    (ReduceMax(axes: [2]), [matrix], "must lie in -2..<2"),
  ]

  @Test(arguments: refusals.indices)
  func refuses(_ place: Int) {
    let (op, operands, words) = Self.refusals[place]
    let error = #expect(throws: OpError.self) { try GraphBuilder.typed(op, operands) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }
}
