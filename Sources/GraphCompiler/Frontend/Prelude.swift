import SourceText

/// Blocks that every graph may call.
enum Prelude {
  static let path = "<prelude>"

  static let text = """
    // One filter for each channel (Sifre 2014).
    block depthwise(x, kernel = 3, stride = 1, pad = 1, dilation = 1, bias = true) {
      return x -> conv(channels(x), kernel: kernel, stride: stride, pad: pad, dilation: dilation,
        groups: channels(x), bias: bias)
    }

    // A depthwise convolution, then a mixture of the channels (Howard et al. 2017).
    block separable_conv(x, channels, kernel = 3, stride = 1, pad = 1, bias = true) {
      return x -> depthwise: depthwise(kernel: kernel, stride: stride, pad: pad, bias: bias)
               -> pointwise: conv(channels, kernel: 1, bias: bias)
    }
    """

  static let blocks: [DefinitionSyntax] = {
    let (syntax, diagnostics, _) = SyntaxParser.parse(
      SourceFile(path: path, text: text + "\ngraph prelude {}"))
    precondition(diagnostics.isEmpty, "the prelude has mistakes: \(DiagnosticRenderer().render(diagnostics))")
    return syntax.blocks
  }()
}
