import Foundation
import SourceText
import TensorFiles

/// Standard output and standard error, and what the terminal behind them can show.
struct Console: Sendable {
  /// Colors that standard output shows.
  var outputColors: ColorDepth
  var errorColors: ColorDepth
  /// Whether somebody watches standard error: only then is progress shown.
  var showsProgress: Bool
  /// Columns of standard output.
  var width: Int

  /// What this process was started with.
  static let standard: Console = {
    let environment = ProcessInfo.processInfo.environment
    let columns = environment["COLUMNS"].flatMap { Int($0) } ?? terminalWidth() ?? 80
    return Console(
      outputColors: ColorDepth(isTerminal: isatty(STDOUT_FILENO) != 0, environment),
      errorColors: ColorDepth(isTerminal: isatty(STDERR_FILENO) != 0, environment),
      showsProgress: isatty(STDERR_FILENO) != 0 && environment["TERM"] != "dumb",
      width: min(max(columns, 40), 400))
  }()

  var diagnosticRenderer: DiagnosticRenderer { DiagnosticRenderer(color: errorColors != .none) }

  /// To standard output; the caller ends lines.
  func print(_ text: String) throws(TensorFileError) {
    if let code = writeAll(text, to: STDOUT_FILENO) {
      let cause = String(cString: strerror(code)).lowercased()
      throw TensorFileError("", "cannot write to standard output", cause: cause)
    }
  }

  /// To standard error, where nobody is left to tell if it fails.
  func note(_ text: String) {
    _ = writeAll(text, to: STDERR_FILENO)
  }

  /// Shows what takes so long while it runs, and nothing afterwards.
  func progress<Result>(_ title: String, _ work: () throws -> Result) rethrows -> Result {
    guard showsProgress else { return try work() }
    let clear = "\r\u{1b}[K"
    note(clear + "\(title) …".escapingControls.clipped(to: width - 1))
    defer { note(clear) }
    return try work()
  }
}

/// How many colors a stream shows.
enum ColorDepth: Sendable, Comparable {
  case none
  /// The 6 x 6 x 6 cube and the grays of 256-color terminals.
  case palette
  case full

  /// No colors in files, under `NO_COLOR` (no-color.org) and on terminals that are dumb.
  init(isTerminal: Bool, _ environment: [String: String]) {
    let term = environment["TERM"] ?? ""
    let isRefused = !(environment["NO_COLOR"] ?? "").isEmpty
    if !isTerminal || isRefused || term == "dumb" || term.isEmpty {
      self = .none
    } else {
      self = ["truecolor", "24bit"].contains(environment["COLORTERM"]) ? .full : .palette
    }
  }
}

/// Writes everything; the error number where that fails.
private func writeAll(_ text: String, to descriptor: Int32) -> Int32? {
  let bytes = Array(text.utf8)
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0 {
      if errno == EINTR { continue }
      return errno
    }
    rest = rest.dropFirst(count)
  }
  return nil
}

private func terminalWidth() -> Int? {
  var size = winsize()
  guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
  return Int(size.ws_col)
}
