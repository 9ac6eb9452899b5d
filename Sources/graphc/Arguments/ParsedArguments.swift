import SourceText

/// What the user asked for. Asking for an option that the command does not declare is a bug and traps.
struct ParsedArguments: Sendable {
  let path: CommandPath
  private var optionValues: [String: [String]] = [:]
  private var positionalValues: [String: [String]] = [:]

  init(path: CommandPath) {
    self.path = path
  }

  /// Names of the commands below the program: `["compile"]`.
  var command: [String] { path.commands.dropFirst().map(\.name) }

  func flag(_ name: String) -> Bool {
    spec(name).arity == .flag && optionValues[name] != nil
  }

  /// The value of an option, or its default.
  func value(of name: String) -> String? {
    let spec = spec(name)
    return optionValues[name]?.last ?? spec.defaultValue
  }

  /// All values of a repeated option or of a list, in the order given.
  func values(of name: String) -> [String] {
    let spec = spec(name)
    return optionValues[name] ?? spec.defaultValue.map { [$0] } ?? []
  }

  /// A positional argument; nil only for an optional one that is absent.
  func positional(_ name: String) -> String? { positionals(name).first }

  func positionals(_ name: String) -> [String] {
    precondition(path.command.positionals.contains { $0.name == name }, "no argument '\(name)' is declared")
    return positionalValues[name] ?? []
  }

  /// The value of an option as an integer.
  func integer(of name: String, in range: ClosedRange<Int> = 0...Int.max) throws(UsageError) -> Int? {
    guard let text = value(of: name) else { return nil }
    if let value = Int(text), range.contains(value) { return value }
    let bounds =
      range.upperBound == .max
      ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    throw UsageError("option '--\(name)' wants an integer \(bounds), found '\(text)'", at: path)
  }

  /// The values of a repeated option of the form `NAME=VALUE`.
  func assignments(of name: String) throws(UsageError) -> [(name: String, value: String)] {
    var result: [(name: String, value: String)] = []
    for text in values(of: name) {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw UsageError("option '--\(name)' wants \(spec(name).valueName), found '\(text)'", at: path)
      }
      result.append((String(parts[0]), String(parts[1])))
    }
    return result
  }

  private func spec(_ name: String) -> OptionSpec {
    guard let spec = path.options.first(where: { $0.name == name }) else {
      preconditionFailure("'\(path.name)' declares no option '--\(name)'")
    }
    return spec
  }

  func isGiven(_ option: OptionSpec) -> Bool { optionValues[option.name] != nil }

  mutating func append(_ values: [String], to option: OptionSpec) {
    optionValues[option.name, default: []] += values
  }

  mutating func append(_ value: String, to positional: PositionalSpec) {
    positionalValues[positional.name, default: []].append(value)
  }
}

/// The command line itself is wrong; exit code 2.
struct UsageError: Error, Sendable {
  static let exitCode: Int32 = 2

  let message: String
  /// Such as "did you mean '--emit'?".
  let help: String?
  let path: CommandPath

  init(_ message: String, help: String? = nil, at path: CommandPath) {
    self.message = message
    self.help = help
    self.path = path
  }

  /// For standard error; ends with a newline.
  var text: String {
    var writer = TextWriter()
    writer.line("\(path.name): error: \(message.escapingControls.clipped(to: 400))")
    if let help { writer.indented { $0.line(help) } }
    writer.line("usage: \(path.usage)")
    writer.line("'\(path.name) --help' tells more")
    return writer.text
  }
}
