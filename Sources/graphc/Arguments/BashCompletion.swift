import SourceText

/// One function that walks over the words to find the command, then offers values, options or commands.
func bashCompletion(_ root: CommandPath) -> String {
  let name = root.functionName
  var writer = TextWriter()
  writer.line("# bash completion for \(root.name)")
  writer.block("\(name)() {") { writer in
    writer.line("local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}")
    writer.line("local command=\(root.name) index")
    writer.line("# bash splits words at '='")
    writer.line("if [[ $current == '=' ]]; then current=''")
    writer.line("elif [[ $previous == '=' ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi")
    writeCommandSearch(root, &writer)
    writeValueCompletion(root, &writer)
    writeWordCompletion(root, &writer)
  }
  writer.line("complete -F \(name) \(root.name)")
  return writer.text
}

private func writeCommandSearch(_ root: CommandPath, _ writer: inout TextWriter) {
  let paths = root.descendants.dropFirst().map { shellQuoted($0.name) }
  if paths.isEmpty { return }
  writer.block("for ((index = 1; index < COMP_CWORD; index++)); do", closing: "done") { writer in
    writer.block("case \"$command ${COMP_WORDS[index]}\" in", closing: "esac") { writer in
      writer.line("\(paths.joined(separator: "|"))) command=\"$command ${COMP_WORDS[index]}\" ;;")
    }
  }
}

/// After an option that takes a value.
private func writeValueCompletion(_ root: CommandPath, _ writer: inout TextWriter) {
  writer.block("case \"$command $previous\" in", closing: "esac") { writer in
    for path in root.descendants {
      for option in path.options where option.arity != .flag {
        let patterns = option.spellings.map { shellQuoted(path.name + " " + $0) }
        writer.line("\(patterns.joined(separator: "|"))) \(action(option.kind)) return ;;")
      }
    }
  }
}

/// Options after a dash, otherwise commands or positional arguments.
private func writeWordCompletion(_ root: CommandPath, _ writer: inout TextWriter) {
  writer.block("case $command in", closing: "esac") { writer in
    for path in root.descendants {
      let options = path.options.flatMap(\.spellings).joined(separator: " ")
      let commands = path.command.subcommands.map(\.name)
      let kind = commands.isEmpty ? path.positionalKind ?? .text : .choice(commands)
      writer.block("\(shellQuoted(path.name)))", closing: ";;") { writer in
        writer.line("if [[ $current == -* ]]; then \(words(options))")
        writer.line("else \(action(kind)) fi")
      }
    }
  }
}

private func words(_ words: String) -> String {
  "COMPREPLY=($(compgen -W \(shellQuoted(words)) -- \"$current\"));"
}

private func action(_ kind: ValueKind) -> String {
  switch kind {
  case .text: "COMPREPLY=();"
  // No matches of ours make bash fall back to its own completion of file names.
  case .file: "compopt -o default;"
  case .folder: "compopt -o dirnames;"
  case .choice(let choices): words(choices.joined(separator: " "))
  }
}
