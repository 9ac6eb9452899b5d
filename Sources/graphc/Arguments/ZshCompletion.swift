import SourceText

/// One function per command, each a call of `_arguments`.
func zshCompletion(_ root: CommandPath) -> String {
  var writer = TextWriter()
  writer.line("#compdef \(root.name)")
  for path in root.descendants.reversed() {
    writer.blank()
    writer.block("\(path.functionName)() {") { writer in
      if path.command.subcommands.isEmpty {
        writeArguments(optionSpecs(path) + path.command.positionals.map(positionalSpec), "", &writer)
      } else {
        writeDispatch(path, &writer)
      }
    }
  }
  writer.blank()
  writer.line("\(root.functionName) \"$@\"")
  return writer.text
}

/// A command with subcommands: describe them, then call the function of the one chosen.
private func writeDispatch(_ path: CommandPath, _ writer: inout TextWriter) {
  writer.line("local context state state_descr line")
  writer.line("typeset -A opt_args")
  let specs = optionSpecs(path) + ["'1:command:->command'", "'*::arguments:->arguments'"]
  writeArguments(specs, "-C ", &writer)
  writer.block("case $state in", closing: "esac") { writer in
    writer.block("command)", closing: ";;") { writer in
      writer.block("local -a commands=(", closing: ")") { writer in
        for command in path.command.subcommands {
          writer.line(shellQuoted(command.name + ":" + command.summary))
        }
      }
      writer.line("_describe command commands")
    }
    writer.block("arguments)", closing: ";;") { writer in
      writer.block("case $line[1] in", closing: "esac") { writer in
        for command in path.command.subcommands {
          writer.line("\(command.name)) \(path.appending(command).functionName) ;;")
        }
      }
    }
  }
}

private func writeArguments(_ specs: [String], _ flags: String, _ writer: inout TextWriter) {
  writer.line("_arguments \(flags)\\")
  writer.indented { writer in
    for (index, spec) in specs.enumerated() {
      writer.line(spec + (index < specs.count - 1 ? " \\" : ""))
    }
  }
}

/// `'(-o --output)'{-o+,--output=}'[where the files go]:DIR:_files -/'`
private func optionSpecs(_ path: CommandPath) -> [String] {
  path.options.map { option in
    let value = option.arity == .flag ? "" : ":\(escaped(option.valueName)):\(action(option.kind))"
    let description = "[\(escaped(option.summary))]\(value)"
    let isRepeatable = option.arity == .repeated || option.arity == .list
    let long = "--\(option.name)" + (option.arity == .flag ? "" : "=")
    guard let letter = option.short else {
      return shellQuoted((isRepeatable ? "*" : "") + long + description)
    }
    let short = "-\(letter)" + (option.arity == .flag ? "" : "+")
    let exclusion = isRepeatable ? "*" : "(\(option.spellings.joined(separator: " ")))"
    return "'\(exclusion)'{\(short),\(long)}" + shellQuoted(description)
  }
}

private func positionalSpec(_ positional: PositionalSpec) -> String {
  let place =
    switch positional.arity {
    case .required: ":"
    case .optional: "::"
    case .oneOrMore, .zeroOrMore: "*:"
    }
  return shellQuoted(place + escaped(positional.name) + ":" + action(positional.kind))
}

private func action(_ kind: ValueKind) -> String {
  switch kind {
  case .text: " "
  case .file(let extensions) where extensions.isEmpty: "_files"
  case .file(let extensions): "_files -g \"*.(\(extensions.joined(separator: "|")))\""
  case .folder: "_files -/"
  case .choice(let choices): "(\(choices.joined(separator: " ")))"
  }
}

/// Colons and brackets separate the parts of a specification.
private func escaped(_ text: String) -> String {
  text.replacing("\\", with: "\\\\").replacing(":", with: "\\:").replacing("[", with: "\\[")
    .replacing("]", with: "\\]")
}
