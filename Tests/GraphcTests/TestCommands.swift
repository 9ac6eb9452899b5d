@testable import graphc

/// The command line of the tests, with every kind of option and argument.
let testRoot = CommandSpec(
  "tool", "does things to networks",
  options: [.flag("json", "print for machines"), .flag("quiet", short: "q", "say less")],
  subcommands: [
    CommandSpec(
      "compile", "compile a network",
      discussion: [
        "The sources go to a folder of their own; a folder that exists keeps its other files, and nothing is "
          + "half written when the program is interrupted."
      ],
      positionals: [PositionalSpec("NET", "a network", kind: .file(extensions: ["graph", "onnx"]))],
      options: [
        .single("output", short: "o", "DIR", "where the files go", kind: .folder, default: "."),
        .single("emit", "KIND", "what to write", kind: .choice(["c", "swift"]), default: "c"),
        .repeated("set", "NAME=INT", "the user's value of a parameter"),
        .list("wrt", "NAME,...", "gradients to write"), .single("limit", "BYTES", "the most memory [bytes]"),
      ]),
    CommandSpec(
      "train", "train a network",
      positionals: [
        PositionalSpec("NET", "a network", kind: .file), PositionalSpec("DATA", "data", arity: .oneOrMore),
      ]),
    CommandSpec(
      "ops", "list operators", positionals: [PositionalSpec("NAME", "one of them", arity: .optional)]),
    CommandSpec(
      "cache", "look after the cache",
      subcommands: [CommandSpec("clear", "empty it"), CommandSpec("show-all", "print it")]),
    CommandSpec(
      "completion", "print a script for a shell",
      positionals: [PositionalSpec("SHELL", "which shell", kind: .choice(Shell.allCases.map(\.rawValue)))]),
  ])
