import SourceText
import Testing

@testable import GraphCompiler

/// What contractions, pooling and norms refuse: shapes that do not fit, and attributes out of all proportion.
@Suite struct OperatorMistakeTests {
  @Test(arguments: convolutions + products + pooling + norms) func refuses(_ text: String, _ message: String)
  {
    do throws(CompileError) {
      let graph = try GraphParser.parseExample(text)
      Issue.record("accepted as \(graph.types(of: graph.outputs.map(\.value)))")
    } catch {
      #expect(error.diagnostics.map(\.message) == [message])
    }
  }

  static let convolutions = [
    (
      "conv(6, kernel: 3)",
      "'conv' takes (x, channels, kernel, bias, stride:, pad:, dilation:, groups:, pad_mode:, pad_value:), "
        + "found 0 tensors"
    ),
    ("conv(f32[1, 2, 5, 5], 0, kernel: 3)", "'channels' must be at least 1 and at most 4194304, found 0"),
    (
      "conv(f32[1, 2, 5, 5], 6, kernel: 7)",
      "a window of 7 does not fit into 5 (input 5, padding 0 + 0) along spatial axis 0"
    ),
    (
      "conv(f32[1, 2, 5, 5], 6, kernel: 3, stride: 0)",
      "'stride' must be at least 1 and at most 4194304, found 0"
    ),
    (
      "conv(f32[1, 2, 5, 5], 6, kernel: 3, pad: -1)", "'pad' must be at least 0 and at most 4194304, found -1"
    ),
    ("conv(f32[1, 2, 5, 5], 6, kernel: 3, pad: [1, 2, 3])", "'pad' has 3 numbers for 2 spatial axes"),
    (
      "conv(f32[1, 2, 5, 5], 6, kernel: 3, groups: 9223372036854775807)",
      "2 input channels do not divide into 9223372036854775807 groups"
    ),
    (
      "conv(f32[1, 2, 5, 5], f32[0, 2, 3, 3])",
      "the 0 filters of weight f32[0, 2, 3, 3] do not divide into 1 groups"
    ),
    (
      "conv(f32[1, 1, 9], f32[1, 1, 3], dilation: 4194304)",
      "a window of 3 with dilation 4194304 is too large: at most 4194304 pixels"
    ),
    (
      "conv(f32[1, 1, 0], 6, kernel: 1, pad: 1, pad_mode: \"replicate\")",
      "replicate padding repeats pixels, but the input has none along spatial axis 0"
    ),
    (
      "conv(f32[1, 1, 2], 6, kernel: 3, pad: 3, pad_mode: \"circular\")",
      "circular padding of 3 is too much for an input of 2 along spatial axis 0: at most 2"
    ),
    (
      "conv(f32[1, 2], 6, kernel: 3)",
      "'conv' takes [N, C, spatial…] with 1 to 3 spatial axes, found f32[1, 2]"
    ),
    (
      "conv_transpose(f32[1, 2, 3], 4, kernel: 3, stride: 2, output_pad: 2)",
      "'output_pad' must be below stride 2 or dilation 1, found 2"
    ),
    (
      "conv_transpose(f32[1, 2, 3], 4, kernel: 3, pad: 4)",
      "nothing is left along spatial axis 0 of f32[1, 2, 3]: the full result of 5 loses 4 + 4"
    ),
    (
      "conv_transpose(f32[1, 2, 0], 4, kernel: 3)",
      "'conv_transpose' finds no pixels along spatial axis 0 of f32[1, 2, 0]"
    ),
    (
      "conv_transpose(f32[1, 2, 3], f32[3, 4, 3])",
      "expected weight [2, channels / groups, kernel…] for input f32[1, 2, 3] with groups: 1, "
        + "found f32[3, 4, 3]"
    ),
    (
      "conv_transpose(u8[1, 1, 1099511627776], u8[1, 1, 3], stride: 4194304, pad: \"same\")",
      "'conv_transpose' takes floating point, found u8[1, 1, 1099511627776]"
    ),
    (
      "locally_connected(f32[1, 2, 3, 3], f32[3, 2, 3, 3])",
      "expected weight [channels, 2, positions…, kernel…] of rank 6 for input f32[1, 2, 3, 3], "
        + "found f32[3, 2, 3, 3]"
    ),
    (
      "deformable_conv(f32[1, 2, 5, 5], f32[1, 8, 3, 3], 4, kernel: 3)",
      "expected offset f32[1, 18, 3, 3] for input f32[1, 2, 5, 5], weight f32[4, 2, 3, 3] and "
        + "offset_groups: 1, "
        + "found f32[1, 8, 3, 3]"
    ),
    (
      "deformable_conv(f32[1, 2, 5, 5], 4, kernel: 3)",
      "'deformable_conv' takes (x, offset, channels, kernel, bias, stride:, pad:, dilation:, "
        + "groups:, offset_groups:), "
        + "found 1 tensor"
    ),
  ]

  static let products = [
    ("fc(f32[1, 16, 5, 5], 10)", "'fc' takes [N, features], found f32[1, 16, 5, 5]"),
    ("fc(f32[2, 3], f32[4, 5])", "expected weight [outputs, 3] for input f32[2, 3], found f32[4, 5]"),
    ("fc(f32[2, 3], f32[4, 3], f32[3])", "expected b f32[4] for weight f32[4, 3], found f32[3]"),
    (
      "matmul(f32[2, 3], f32[4, 5])",
      "f32[2, 3] and f32[4, 5] do not multiply: the last axis of 'a' has extent 3, the axis of "
        + "'b' that it meets 4"
    ),
    ("matmul(f32[], f32[4])", "'matmul' takes rank 1 or more, found f32[]"),
  ]

  static let pooling = [
    ("maxpool(f32[1, 1, 4, 4])", "'kernel' is missing"),
    (
      "maxpool(f32[1, 1, 4], 9223372036854775807)",
      "'kernel' must be at least 1 and at most 4194304, found 9223372036854775807"
    ),
    (
      "maxpool(f32[1, 1, 4, 4], 2, pad: 2)",
      "padding of 2 along spatial axis 0 leaves windows of 2 empty"
    ),
    (
      "maxpool(f32[1, 1, 2], 2, dilation: 3, pad: 1)",
      "the gaps of dilation 3 hold the whole input of 2 along spatial axis 0"
    ),
    ("avgpool(f32[1, 1, 0, 4], 2, pad: 1)", "'avgpool' finds no pixels along spatial axis 0"),
    ("global_avgpool(f32[1, 2, 0])", "'global_avgpool' takes at least one pixel, found f32[1, 2, 0]"),
    ("lppool(f32[1, 1, 4], 2, p: 0)", "'p' must be positive and finite, found 0.0"),
    (
      "max_unpool(f32[1, 1, 2], f32[1, 1, 2], kernel: 2)", "expected indices i64[1, 1, 2], found f32[1, 1, 2]"
    ),
    (
      "max_unpool(f32[1, 1, 2], i64[1, 1, 2], kernel: 2, output_size: [9223372036854775807])",
      "the result f32[1, 1, 9223372036854775807] is too large: a tensor has at most 1099511627776 bytes"
    ),
    (
      "gaussian_pool(f32[1, 1, 4000000], 2000000)",
      "a bell of [2000000] for 1 channels does not fit into 1048576 weights"
    ),
    ("maxout(f32[1, 5], pieces: 2)", "the 5 channels of f32[1, 5] do not divide into pieces of 2"),
  ]

  static let norms = [
    ("lrn(f32[1, 4], size: 0)", "'size' must be at least 1 and at most 4194304, found 0"),
    ("batch_norm(f32[1, 4], epsilon: -1)", "'epsilon' must be at least 0.0, found -1.0"),
    (
      "batch_norm(f32[1, 4, 2], f32[3], f32[4], f32[4], f32[4])",
      "expected scale f32[4] for input f32[1, 4, 2], found f32[3]"
    ),
    ("layer_norm(f32[2, 3], axis: 2)", "'axis' must lie in -2..<2 for rank 2, found 2"),
    ("instance_norm(f32[2, 3])", "'instance_norm' takes [N, C, spatial…], found f32[2, 3]"),
    ("group_norm(f32[2, 3, 4], groups: 0)", "the 3 channels of f32[2, 3, 4] do not divide into 0 groups"),
    ("log_softmax(i32[4, 2])", "'log_softmax' takes floating point, found i32[4, 2]"),
  ]
}
