import SourceText

/// What to do about a command line.
enum ParsedCommandLine: Sendable {
  case run(ParsedArguments)
  /// Print this text to standard output and exit with 0.
  case help(String)
}

extension CommandSpec {
  /// Reads the arguments behind the name of the program.
  ///
  /// Options stand anywhere behind their command: `--name value`, `--name=value`, `-n value`, `-nvalue`; a
  /// `--` ends them. `help COMMAND` is `COMMAND --help`.
  func parse(_ arguments: [String]) throws(UsageError) -> ParsedCommandLine {
    var parser = ArgumentParser(root: self, arguments: arguments)
    return try parser.parse()
  }
}

private struct ArgumentParser {
  private var rest: ArraySlice<String>
  private var path: CommandPath
  /// Options may come before the command that the values belong to is known.
  private var options: [(option: OptionSpec, values: [String])] = []
  private var positionals: [String] = []
  private var wantsHelp: Bool

  init(root: CommandSpec, arguments: [String]) {
    path = CommandPath(root: root)
    wantsHelp = arguments.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
    rest = arguments[...]
  }

  mutating func parse() throws(UsageError) -> ParsedCommandLine {
    if rest.first == "help", !path.command.subcommands.contains(where: { $0.name == "help" }) {
      wantsHelp = true
      rest.removeFirst()
    }
    var optionsEnded = false
    while let argument = rest.popFirst() {
      if !optionsEnded, argument == "--" {
        optionsEnded = true
      } else if !optionsEnded, argument.hasPrefix("-"), argument != "-" {
        do throws(UsageError) { try parseOption(argument) } catch {
          // A wrong option must not stand between the user and the help.
          if !wantsHelp { throw error }
        }
      } else if !path.command.subcommands.isEmpty {
        try enterCommand(argument)
      } else {
        positionals.append(argument)
      }
    }
    if wantsHelp { return .help(path.help) }
    guard path.command.subcommands.isEmpty else { throw UsageError("expected a command", at: path) }
    return .run(try assemble())
  }

  private mutating func enterCommand(_ name: String) throws(UsageError) {
    let commands = path.command.subcommands
    guard let command = commands.first(where: { $0.name == name }) else {
      throw UsageError(
        "unknown command '\(name)'", help: didYouMean(name, among: commands.map(\.name)), at: path)
    }
    path = path.appending(command)
  }

  private mutating func parseOption(_ argument: String) throws(UsageError) {
    let (option, spelling, attached) = try findOption(argument)
    if option.arity == .flag {
      if let attached {
        throw UsageError("option '\(spelling)' takes no value, found '\(attached)'", at: path)
      }
      options.append((option, []))
      return
    }
    guard let value = attached ?? takeValue() else {
      let help = rest.isEmpty ? nil : "a value that begins with a dash is written '\(spelling)=VALUE'"
      throw UsageError("option '\(spelling)' wants a value: \(option.valueName)", help: help, at: path)
    }
    let values = option.arity == .list ? value.split(separator: ",").map(String.init) : [value]
    if values.isEmpty || value.isEmpty {
      throw UsageError("option '\(spelling)' has an empty value", at: path)
    }
    for value in values { try check(value, option.kind, "option '\(spelling)'") }
    if option.arity == .single, options.contains(where: { $0.option.name == option.name }) {
      throw UsageError("option '\(spelling)' is given twice", at: path)
    }
    options.append((option, values))
  }

  /// The option that an argument names, how the user wrote it, and the value written with it.
  private func findOption(
    _ argument: String
  ) throws(UsageError) -> (option: OptionSpec, spelling: String, attached: String?) {
    let known = path.options
    if argument.hasPrefix("--") {
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      if let option = known.first(where: { $0.name == name }) {
        return (option, "--" + name, parts.count > 1 ? String(parts[1]) : nil)
      }
      throw UsageError("unknown option '--\(name)'", help: suggestion(forOption: name), at: path)
    }
    let letters = argument.dropFirst()
    guard let letter = letters.first, let option = known.first(where: { $0.short == letter }) else {
      throw UsageError(
        "unknown option '\(argument)'", help: suggestion(forOption: String(letters)), at: path)
    }
    var attached = letters.count > 1 ? String(letters.dropFirst()) : nil
    if let value = attached, value.hasPrefix("=") { attached = String(value.dropFirst()) }
    return (option, "-\(letter)", attached)
  }

  /// The nearest option of this command, or else the command that has an option of that very name.
  private func suggestion(forOption name: String) -> String? {
    let names = path.options.map(\.name)
    // An exact name here was written with one dash.
    if let near = names.contains(name) ? name : SourceText.suggestion(for: name, among: names) {
      return "did you mean '--\(near)'?"
    }
    guard let root = path.commands.first else { return nil }
    let owner = CommandPath(root: root).descendants.first { $0.command.options.contains { $0.name == name } }
    return owner.map { "'--\(name)' belongs to '\($0.name)'" }
  }

  /// The next argument, unless it looks like an option.
  private mutating func takeValue() -> String? {
    guard let next = rest.first else { return nil }
    if next.hasPrefix("-"), next != "-", Double(next) == nil { return nil }
    return rest.removeFirst()
  }

  private func check(_ value: String, _ kind: ValueKind, _ subject: String) throws(UsageError) {
    guard case .choice(let choices) = kind, !choices.contains(value) else { return }
    if choices.count > ValueKind.listLimit {
      throw UsageError(
        "\(subject) knows no '\(value)'", help: didYouMean(value, among: choices), at: path)
    }
    throw UsageError(
      "\(subject) wants one of \(choices.joined(separator: ", ")), found '\(value)'",
      help: didYouMean(value, among: choices), at: path)
  }

  /// Gives the positional arguments to their declarations.
  private func assemble() throws(UsageError) -> ParsedArguments {
    var result = ParsedArguments(path: path)
    for (option, values) in options { result.append(values, to: option) }
    var values = positionals[...]
    for positional in path.command.positionals {
      let isMissing = values.isEmpty && (positional.arity == .required || positional.arity == .oneOrMore)
      if isMissing { throw UsageError("expected \(positional.name): \(positional.summary)", at: path) }
      let takesAll = positional.arity == .oneOrMore || positional.arity == .zeroOrMore
      for value in takesAll ? values : values.prefix(1) {
        try check(value, positional.kind, positional.name)
        result.append(value, to: positional)
      }
      values = takesAll ? [] : values.dropFirst()
    }
    if let extra = values.first { throw UsageError("unexpected argument '\(extra)'", at: path) }
    return result
  }
}
