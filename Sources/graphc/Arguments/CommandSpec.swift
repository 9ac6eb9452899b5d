/// A command of the command line as data: parser, help and shell completion all read this declaration.
struct CommandSpec: Sendable {
  /// Lower case word that calls the command; for the root the name of the program.
  var name: String
  /// One line for lists: lower case, no full stop.
  var summary: String
  /// Further paragraphs of the help, each one element.
  var discussion: [String]
  /// Command lines that the help shows as they are.
  var examples: [String]
  var positionals: [PositionalSpec]
  /// These also hold for all commands below.
  var options: [OptionSpec]
  /// A command with subcommands does nothing itself and takes no positional arguments.
  var subcommands: [CommandSpec]

  init(
    _ name: String, _ summary: String, discussion: [String] = [], examples: [String] = [],
    positionals: [PositionalSpec] = [], options: [OptionSpec] = [], subcommands: [CommandSpec] = []
  ) {
    precondition(positionals.isEmpty || subcommands.isEmpty, "'\(name)' has subcommands and arguments")
    precondition(
      positionals.dropLast().allSatisfy { $0.arity == .required }, "only the last argument may vary in number"
    )
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.examples = examples
    self.positionals = positionals
    self.options = options
    self.subcommands = subcommands
  }
}

/// What a value may be: checked where it is a choice, and offered by the shells.
enum ValueKind: Sendable, Hashable {
  case text
  case file(extensions: [String])
  case folder
  case choice([String])

  static let file = ValueKind.file(extensions: [])
  /// Help and messages list as many choices, not more.
  static let listLimit = 20
}

/// An argument that is known by its place.
struct PositionalSpec: Sendable {
  enum Arity: Sendable {
    case required, optional, oneOrMore, zeroOrMore
  }

  /// As help and messages write it: `NET`.
  var name: String
  var summary: String
  var arity: Arity
  var kind: ValueKind

  init(_ name: String, _ summary: String, arity: Arity = .required, kind: ValueKind = .text) {
    self.name = name
    self.summary = summary
    self.arity = arity
    self.kind = kind
  }
}

/// An argument that is known by its name.
struct OptionSpec: Sendable {
  enum Arity: Sendable {
    /// Present or not.
    case flag
    /// One value, at most once.
    case single
    /// One value, any number of times.
    case repeated
    /// Values separated by commas, any number of times.
    case list
  }

  /// Without the dashes.
  var name: String
  /// For `-o`.
  var short: Character?
  /// As help and messages write it: `DIR`; empty for flags.
  var valueName: String
  var summary: String
  var arity: Arity
  var kind: ValueKind
  /// The value that holds if the option is absent.
  var defaultValue: String?

  static func flag(_ name: String, short: Character? = nil, _ summary: String) -> OptionSpec {
    OptionSpec(name: name, short: short, valueName: "", summary: summary, arity: .flag, kind: .text)
  }

  static func single(
    _ name: String, short: Character? = nil, _ valueName: String, _ summary: String, kind: ValueKind = .text,
    default defaultValue: String? = nil
  ) -> OptionSpec {
    OptionSpec(
      name: name, short: short, valueName: valueName, summary: summary, arity: .single, kind: kind,
      defaultValue: defaultValue)
  }

  static func repeated(
    _ name: String, short: Character? = nil, _ valueName: String, _ summary: String, kind: ValueKind = .text
  ) -> OptionSpec {
    OptionSpec(
      name: name, short: short, valueName: valueName, summary: summary, arity: .repeated, kind: kind)
  }

  static func list(
    _ name: String, short: Character? = nil, _ valueName: String, _ summary: String, kind: ValueKind = .text
  ) -> OptionSpec {
    OptionSpec(name: name, short: short, valueName: valueName, summary: summary, arity: .list, kind: kind)
  }

  /// Every command has it.
  static let help = OptionSpec.flag("help", short: "h", "show this help")
}

/// A command with the way that leads to it.
struct CommandPath: Sendable {
  /// The root first, the command itself last.
  private(set) var commands: [CommandSpec]

  init(root: CommandSpec) {
    commands = [root]
  }

  var command: CommandSpec { commands[commands.count - 1] }
  /// `graphc compile`.
  var name: String { commands.map(\.name).joined(separator: " ") }
  /// The options of the command, then those it inherits, `--help` last.
  var options: [OptionSpec] { commands.reversed().flatMap(\.options) + [.help] }

  func appending(_ command: CommandSpec) -> CommandPath {
    var path = self
    path.commands.append(command)
    return path
  }

  /// This command and all below, parents first.
  var descendants: [CommandPath] {
    [self] + command.subcommands.flatMap { appending($0).descendants }
  }
}
