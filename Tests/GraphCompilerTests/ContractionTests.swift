import Testing

@testable import GraphCompiler

/// Convolutions of every kind, and matrix products.
@Suite struct ContractionTests {
  @Test(arguments: convolutions + transposed + products) func values(_ row: NumericCase) throws {
    try row.check()
  }

  static let convolutions = [
    NumericCase(
      "conv(f64[1, 2, 4, 3], f64[2, 2, 2, 2], f64[2], stride: [2, 1], pad: [1, 0, 0, 1])", [1, 2, 2, 3],
      [28, -12, -14, 23, -9, -3, 48, 3, -7, 33, 35, -2]),
    NumericCase(
      "conv(f64[1, 4, 6], f64[2, 2, 3], groups: 2, dilation: 2, pad: 1)", [1, 2, 4],
      [-20, -15, 30, 5, 33, 33, -6, -7]),
    NumericCase(
      "conv(f64[1, 1, 3, 3, 2], f64[2, 1, 2, 3, 1], f64[2], pad: [1, 0, 0, 0, 1, 0])", [1, 2, 3, 2, 2],
      [23, 24, -1, -9, -17, 28, 3, -21, 0, 1, -9, 0, 18, 21, -8, 0, 33, 38, -10, -2, 30, -9, -6, 13]),
    NumericCase(
      "conv(f64[1, 2, 5, 4], f64[2, 1, 3, 3], f64[2], groups: 2, pad: \"same\", stride: 2)", [1, 2, 3, 2],
      [-6, -8, 50, -18, 60, 2, -14, -18, 20, 29, 18, 17]),
    NumericCase(
      "conv(f64[1, 1, 4], f64[1, 1, 3], pad: 2, pad_mode: \"reflect\")", [1, 1, 6],
      [12, 0, -12, 32, 0, -32]),
    NumericCase(
      "conv(f64[1, 1, 4], f64[1, 1, 3], pad: 2, pad_mode: \"replicate\")", [1, 1, 6],
      [0, -28, -12, 32, 16, 0]),
    NumericCase(
      "conv(f64[1, 1, 4], f64[1, 1, 3], pad: 2, pad_mode: \"circular\")", [1, 1, 6],
      [12, -32, -12, 32, 12, -32]),
    NumericCase(
      "conv(f64[1, 1, 4], f64[1, 1, 3], pad: [0, 2], pad_mode: \"constant\", pad_value: 3)", [1, 1, 4],
      [-12, 32, -4, -20]),
    NumericCase(
      "locally_connected(f64[1, 2, 4], f64[2, 2, 2, 3], f64[2, 2], stride: 2, pad: [1, 0])", [1, 2, 2],
      [-31, 35, 49, -16]),
    NumericCase(
      "locally_connected(f64[1, 1, 3, 3], f64[1, 1, 2, 2, 2, 2])", [1, 1, 2, 2],
      [19, 14, 20, 8]),
    NumericCase(
      "deformable_conv(f64[1, 2, 3, 3], f64[1, 8, 2, 2], f64[1, 2, 2, 2], f64[1])", [1, 1, 2, 2],
      [30.125, 0, 1.5, 19.5], scales: [1: 0.25]),
    NumericCase(
      "deformable_conv(f64[1, 2, 4, 4], f64[1, 16, 2, 2], f64[2, 1, 2, 2], f64[2], f64[1, 8, 2, 2], "
        + "groups: 2, offset_groups: 2, stride: 2, pad: 1, dilation: 2)",
      [1, 2, 2, 2],
      [24.75, 8, 62.25, -3, 44, -27, -5.75, 5], scales: [1: 0.25]),
  ]

  static let transposed = [
    NumericCase(
      "conv_transpose(f64[1, 2, 2, 3], f64[2, 2, 2, 2], f64[2])", [1, 2, 3, 4],
      [-21, 39, 10, -2, -17, -22, 26, 3, 18, -53, 24, -3, 6, 5, 23, 17, -4, 33, 10, 11, -11, 32, -9, 4]),
    NumericCase(
      "conv_transpose(f64[1, 2, 2, 2], f64[2, 1, 3, 3], f64[1], stride: 2, pad: 1, output_pad: 1)",
      [1, 1, 4, 4],
      [-21, 25, -12, 37, 39, -10, -20, 54, 8, -5, -16, -2, -24, -6, 26, -4]),
    NumericCase(
      "conv_transpose(f64[1, 4, 3], f64[4, 1, 4], groups: 2, stride: 3, pad: [1, 0])", [1, 2, 9],
      [-12, 0, 20, 30, -14, 15, 6, -6, 4, 13, -3, 12, -8, -3, 13, 4, -3, 1]),
    NumericCase(
      "conv_transpose(f64[1, 1, 1, 2, 2], f64[1, 1, 2, 3, 2], stride: [1, 2, 2])", [1, 1, 2, 5, 4],
      [
        -4, 0, 24, 0, 4, -3, -24, 18, 9, -6, -14, 36, -8, 6, 8, -6, -2, 12, 2, -12, -2, 2, 12, -12, -5, -1,
        30, 6, 7, -8, -22, 28, 10, 2, -10, -2, -6, 8, 6, -8,
      ]),
    NumericCase(
      "conv_transpose(f64[1, 1, 5], f64[1, 1, 3], stride: 2, dilation: 3, pad: [2, 1])", [1, 1, 12],
      [24, 0, 8, 0, -4, 0, -4, 0, -8, 0, 8, 0]),
    NumericCase(
      "conv_transpose(f64[1, 1, 3], f64[1, 2, 3], f64[2], stride: 4, dilation: 6)", [1, 2, 21],
      [
        -6, -2, -2, -2, 22, -2, -2, -2, 6, -2, -2, -2, 2, -2, -2, -2, -26, -2, -2, -2, -10, 2, 5, 5, 5, 23,
        5, 6, 5, 11, 5, -1, 5, -1, 5, 3, 5, 41, 5, 5, 5, 17,
      ]),
    NumericCase(
      "conv_transpose(f64[1, 1, 2, 2], f64[1, 1, 3, 2], stride: [2, 3], pad: \"same\")", [1, 1, 4, 6],
      [-4, 0, 0, 24, 0, 0, 4, -3, 0, -24, 18, 0, 9, -6, 0, -14, 36, 0, -8, 6, 0, 8, -6, 0]),
  ]

  static let products = [
    NumericCase(
      "fc(f64[2, 3], f64[2, 3], f64[2])", [2, 2],
      [-14, 8, -14, 0]),
    NumericCase(
      "matmul(f64[2, 1, 2, 3], f64[2, 3, 1])", [2, 2, 2, 1],
      [-12, -12, 3, -5, -12, -12, -13, -21]),
    NumericCase(
      "matmul(f64[3], f64[2, 3, 2])", [2, 2],
      [-30, 30, 22, 16]),
    NumericCase(
      "matmul(f64[2, 2, 3], f64[3])", [2, 2],
      [-12, -12, -12, -12]),
    NumericCase(
      "matmul(f64[4], f64[4])", [],
      [-18]),
  ]
}
