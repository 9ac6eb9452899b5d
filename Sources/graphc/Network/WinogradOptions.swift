/// Options that say which convolutions may be computed by Winograd's algorithm.
enum WinogradOptions {
  static let forbidden = OptionSpec.flag("no-winograd", "compute all convolutions directly")
  static let largestError = OptionSpec.single(
    "max-error", "NUMBER",
    "use Winograd's algorithm only where this error is to be expected, relative to the largest result: 1e-6")
}

extension ParsedArguments {
  /// The largest error that convolutions by Winograd's algorithm may be expected to have; 0 forbids it.
  func largestWinogradError() throws(UsageError) -> Double {
    let isForbidden = flag(WinogradOptions.forbidden.name)
    guard let text = value(of: WinogradOptions.largestError.name) else { return isForbidden ? 0 : .infinity }
    if let error = Double(text), error.isFinite, error >= 0 { return isForbidden ? 0 : error }
    throw UsageError("option '--max-error' wants a number of at least 0, found '\(text)'", at: path)
  }
}
