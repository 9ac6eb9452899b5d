/// One `complete` line for every command, option and kind of argument.
func fishCompletion(_ root: CommandPath) -> String {
  var lines = ["# fish completion for \(root.name)", "complete -c \(root.name) -f"]
  for path in root.descendants {
    let prefix = "complete -c \(root.name)" + condition(path)
    for command in path.command.subcommands {
      lines.append("\(prefix) -a \(command.name) -d \(shellQuoted(command.summary))")
    }
    // Options above the leaves would show up twice: the leaves inherit them.
    let options = path.command.subcommands.isEmpty || path.commands.count == 1 ? path.options : []
    for option in options { lines.append(prefix + optionWords(option)) }
    switch path.positionalKind {
    case .file: lines.append(prefix + " -F")
    case .folder: lines.append(prefix + " -a '(__fish_complete_directories)'")
    case .choice(let choices): lines.append("\(prefix) -a '\(choices.joined(separator: " "))'")
    case .text, nil: break
    }
  }
  return lines.map { $0 + "\n" }.joined()
}

/// The commands of the path have been typed, and none of those below.
private func condition(_ path: CommandPath) -> String {
  let typed = path.commands.dropFirst().map { "__fish_seen_subcommand_from \($0.name)" }
  let below = path.command.subcommands.map(\.name).joined(separator: " ")
  let terms = typed + (below.isEmpty ? [] : ["not __fish_seen_subcommand_from \(below)"])
  return terms.isEmpty ? "" : " -n '\(terms.joined(separator: "; and "))'"
}

private func optionWords(_ option: OptionSpec) -> String {
  let short = option.short.map { " -s \($0)" } ?? ""
  let value: String
  switch option.kind {
  case _ where option.arity == .flag: value = ""
  case .text: value = " -x"
  case .file: value = " -r -F"
  case .folder: value = " -x -a '(__fish_complete_directories)'"
  case .choice(let choices): value = " -x -a '\(choices.joined(separator: " "))'"
  }
  return "\(short) -l \(option.name)\(value) -d \(shellQuoted(option.summary))"
}
