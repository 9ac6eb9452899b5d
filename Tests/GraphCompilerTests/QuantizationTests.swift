import LoopIR
import Testing

@testable import GraphCompiler

/// Quantization by hand.
@Suite struct QuantizationTests {
  static let numbers = Given([2, 3], [0.5, 1.5, 2.5, -0.5, -1.5, 300], .f32)

  @Test func halvesRoundToEvenAndTheTypeSaturates() throws {
    let one = Given([], [1], .f32)
    #expect(try results(of: Quantize(), [Self.numbers, one])[0].values == [0, 2, 2, 0, 0, 255])
    let zero = Given([], [-3], .i8)
    #expect(try results(of: Quantize(), [Self.numbers, one, zero])[0].values == [-3, -1, -1, -3, -5, 127])
    let wide = try results(of: Quantize(to: .i16), [Self.numbers, Given([], [0.001], .f32)])[0]
    #expect(wide.values == [500, 1500, 2500, -500, -1500, 32767])
  }

  @Test func whatIsNoNumberBecomesTheLeastOrZero() throws {
    let odd = Given([3], [.nan, .infinity, -.infinity], .f32)
    #expect(
      try results(of: Quantize(), [odd, Given([], [1], .f32), Given([], [7], .u8)])[0].values == [0, 255, 0])
    let nothing = try results(of: Quantize(), [Given([2], [0, 1], .f32), Given([], [0], .f32)])[0]
    #expect(nothing.values == [0, 255])
  }

  @Test func scalesBelongToAnAxisOrToBlocks() throws {
    let rows = try results(
      of: Quantize(axis: 0), [Self.numbers, Given([2], [0.5, 0.25], .f32), Given([2], [1, 100], .u8)])[0]
    #expect(rows.values == [2, 4, 6, 98, 94, 255])
    let blocks = Given([2, 2], [1, 0.5, 2, 10], .f32)
    #expect(
      try results(of: Quantize(block: 2, to: .i8), [Self.numbers, blocks])[0].values == [0, 2, 5, 0, -1, 30])
    let huge = try results(
      of: Quantize(block: .max, to: .i8), [Self.numbers, Given([2, 1], [1, 2], .f32)])[0]
    #expect(huge.values == [0, 2, 2, 0, -1, 127])
  }

  @Test func dequantizationTakesTheZeroPointAway() throws {
    let bytes = Given([4], [0, 3, 128, 255], .u8)
    let found = try results(of: Dequantize(), [bytes, Given([1], [0.5], .f32), Given([1], [128], .u8)])[0]
    #expect(found.values == [-64, -62.5, 0, 63.5])
    let blocks = try results(
      of: Dequantize(axis: -1, block: 3), [Given([4], [1, 2, 3, 4], .i32), Given([2], [2, 10], .f32)])[0]
    #expect(blocks.values == [2, 4, 6, 40])
  }

  static let x = TensorType(.f32, [2, 3])
  static let refusals: [(any Op, [TensorType], String)] = [
    (
      Quantize(), [x, TensorType(.f32, [2])], "expected one scale or 3, for axis 1 of f32[2, 3], found f32[2]"
    ),
    (Quantize(axis: 2), [x, TensorType(.f32, [3])], "'axis' must lie in -2..<2"),
    (Quantize(), [x, TensorType(.i32, [])], "takes floating point, found i32[]"),
    (Quantize(to: .i32), [x, TensorType(.f32, [])], "integers of 8 or 16 bits, not i32"),
    (Quantize(), [x, TensorType(.f32, []), TensorType(.u8, [1])], "differ in shape"),
    (
      Quantize(block: 2), [x, TensorType(.f32, [2, 3])], "expected scales [2, 2] for blocks of 2 along axis 1"
    ),
    (Quantize(block: -1), [x, TensorType(.f32, [])], "'block' must be at least 0"),
    (Quantize(block: 2), [TensorType(.f32, []), TensorType(.f32, [])], "'axis' must lie in"),
    (Dequantize(), [x, TensorType(.f32, [])], "takes integers, found f32[2, 3]"),
    (
      Dequantize(), [TensorType(.u8, [2]), TensorType(.f32, []), TensorType(.i8, [])],
      "differ in type: u8 and i8"
    ),
  ]

  @Test(arguments: refusals.indices)
  func refuses(_ place: Int) {
    let (op, operands, words) = Self.refusals[place]
    let error = #expect(throws: OpError.self) { try GraphBuilder.typed(op, operands) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }
}
