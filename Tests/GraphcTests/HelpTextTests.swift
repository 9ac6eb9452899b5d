import Testing

@testable import graphc

@Suite struct HelpTextTests {
  static func help(_ arguments: [String]) throws -> String? {
    guard case .help(let text) = try testRoot.parse(arguments) else { return nil }
    return text
  }

  @Test func rootHelp() throws {
    #expect(
      try Self.help(["--help"]) == """
        usage: tool [options] COMMAND

        does things to networks

        commands:
          compile     compile a network
          train       train a network
          ops         list operators
          cache       look after the cache
          completion  print a script for a shell

        options:
              --json   print for machines
          -q, --quiet  say less
          -h, --help   show this help

        """)
  }

  @Test func commandHelp() throws {
    #expect(
      try Self.help(["compile", "-h"]) == """
        usage: tool compile [options] NET

        compile a network

        The sources go to a folder of their own; a folder that exists keeps its other
        files, and nothing is half written when the program is interrupted.

        arguments:
          NET  a network

        options:
          -o, --output DIR    where the files go (default: .)
              --emit KIND     what to write: c, swift (default: c)
              --set NAME=INT  the user's value of a parameter (repeatable)
              --wrt NAME,...  gradients to write (repeatable)
              --limit BYTES   the most memory [bytes]
              --json          print for machines
          -q, --quiet         say less
          -h, --help          show this help

        """)
  }

  @Test(arguments: [
    ["help", "compile"], ["compile", "--nonsense", "--help"], ["compile", "a", "b", "-h"],
    ["-o", "compile", "-h"],
    ["compile", "-o", "x", "--emit", "c", "--help"],
  ])
  func waysToAsk(arguments: [String]) throws {
    #expect(try Self.help(arguments)?.hasPrefix("usage: tool compile ") == true)
  }

  @Test func helpIsOnlyAnOptionBeforeTheDashes() throws {
    #expect(try Self.help(["ops", "--", "--help"]) == nil)
    #expect(throws: UsageError.self) { try testRoot.parse(["help", "compil"]) }
  }

  @Test(arguments: [
    ["ops", "usage: tool ops [options] [NAME]"], ["train", "usage: tool train [options] NET DATA..."],
    ["cache", "usage: tool cache [options] COMMAND"],
  ])
  func usageLines(words: [String]) throws {
    #expect(try Self.help([words[0], "-h"])?.hasPrefix(words[1] + "\n") == true)
  }

  @Test func longTermsStandAlone() {
    let option = OptionSpec.single(
      "an-option-with-a-long-name", "VALUE", Array(repeating: "word", count: 15).joined(separator: " "))
    let lines = CommandPath(root: CommandSpec("t", "s", options: [option])).help.split(separator: "\n")
    #expect(lines.contains("      --an-option-with-a-long-name VALUE"))
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(wrapped("aa bb cccccc d", width: 5) == ["aa bb", "cccccc", "d"])
  }
}
