import Testing

@testable import graphc

@Suite struct ArgumentParserTests {
  static func run(_ line: String) throws -> ParsedArguments {
    switch try testRoot.parse(words(line)) {
    case .run(let arguments): return arguments
    case .help: throw UsageError("help instead", at: CommandPath(root: testRoot))
    }
  }

  static func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

  @Test(arguments: [
    "compile a.graph -o out --emit swift", "compile --output=out --emit=swift a.graph",
    "compile -oout a.graph --emit swift",
    "compile -o=out --emit swift -- a.graph",
  ])
  func spellings(line: String) throws {
    let arguments = try Self.run(line)
    #expect(arguments.command == ["compile"])
    #expect(arguments.positional("NET") == "a.graph")
    #expect(arguments.value(of: "output") == "out")
    #expect(arguments.value(of: "emit") == "swift")
    #expect(!arguments.flag("json"))
  }

  @Test func defaultsAndInheritedFlags() throws {
    let arguments = try Self.run("--json compile a -q")
    #expect(arguments.value(of: "output") == ".")
    #expect(arguments.value(of: "limit") == nil)
    #expect(arguments.values(of: "set") == [])
    #expect(arguments.flag("json") && arguments.flag("quiet"))
  }

  @Test func manyValues() throws {
    let arguments = try Self.run("compile a --set N=8 --wrt x,y --set=K=a=b --wrt z,")
    #expect(arguments.values(of: "set") == ["N=8", "K=a=b"])
    #expect(arguments.values(of: "wrt") == ["x", "y", "z"])
    let assignments = try arguments.assignments(of: "set")
    #expect(assignments.map(\.name) == ["N", "K"])
    #expect(assignments.map(\.value) == ["8", "a=b"])
  }

  @Test func positionals() throws {
    let train = try Self.run("train net a b -- -c --d")
    #expect(train.positional("NET") == "net")
    #expect(train.positionals("DATA") == ["a", "b", "-c", "--d"])
    #expect(try Self.run("ops").positional("NAME") == nil)
    #expect(try Self.run("ops conv").positional("NAME") == "conv")
    #expect(try Self.run("compile -").positional("NET") == "-")
    #expect(try Self.run("cache show-all").command == ["cache", "show-all"])
  }

  @Test func integers() throws {
    #expect(try Self.run("compile a --limit 12").integer(of: "limit") == 12)
    #expect(try Self.run("compile a").integer(of: "limit") == nil)
    #expect(try Self.run("compile a --limit -3").integer(of: "limit", in: -5...5) == -3)
    for text in ["-1", "x", "1.5", "99999999999999999999"] {
      #expect(throws: UsageError.self) { try Self.run("compile a --limit \(text)").integer(of: "limit") }
    }
    for text in ["N", "=3", "N="] {
      #expect(throws: UsageError.self) { try Self.run("compile a --set \(text)").assignments(of: "set") }
    }
  }

  @Test(
    arguments: [
      ("", "expected a command", nil),
      ("cache", "expected a command", nil),
      ("compil a", "unknown command 'compil'", "did you mean 'compile'?"),
      ("xyz", "unknown command 'xyz'", nil),
      ("cache cler", "unknown command 'cler'", "did you mean 'clear'?"),
      ("compile a --emitt c", "unknown option '--emitt'", "did you mean '--emit'?"),
      ("compile a -x", "unknown option '-x'", nil),
      ("compile a -emit c", "unknown option '-emit'", "did you mean '--emit'?"),
      ("ops --set N=1", "unknown option '--set'", "'--set' belongs to 'tool compile'"),
      ("compile", "expected NET: a network", nil),
      ("train net", "expected DATA: data", nil),
      ("compile a b", "unexpected argument 'b'", nil),
      ("compile a --emit", "option '--emit' wants a value: KIND", nil),
      (
        "compile a -o --json", "option '-o' wants a value: DIR",
        "a value that begins with a dash is written '-o=VALUE'"
      ),
      ("compile a --emit= ", "option '--emit' has an empty value", nil),
      ("compile a --wrt ,", "option '--wrt' has an empty value", nil),
      (
        "compile a --emit swfit", "option '--emit' wants one of c, swift, found 'swfit'",
        "did you mean 'swift'?"
      ),
      ("compile a -o x -o y", "option '-o' is given twice", nil),
      ("compile a --json=1", "option '--json' takes no value, found '1'", nil),
      ("completion tcsh", "SHELL wants one of bash, zsh, fish, found 'tcsh'", nil),
    ] as [(String, String, String?)])
  func usageErrors(line: String, message: String, help: String?) {
    #expect {
      try Self.run(line)
    } throws: { error in
      guard let error = error as? UsageError else { return false }
      return error.message == message && error.help == help
    }
  }

  @Test func usageErrorText() {
    #expect(UsageError.exitCode == 2)
    #expect {
      try Self.run("compile --emitt\u{7} a")
    } throws: {
      ($0 as? UsageError)?.text == """
        tool compile: error: unknown option '--emitt\\u{7}'
          did you mean '--emit'?
        usage: tool compile [options] NET
        'tool compile --help' tells more

        """
    }
  }
}
