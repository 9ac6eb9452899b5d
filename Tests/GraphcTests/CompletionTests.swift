import Testing

@testable import graphc

@Suite struct CompletionTests {
  static let small = CommandSpec(
    "tool", "does things",
    subcommands: [
      CommandSpec(
        "make", "it's made",
        positionals: [PositionalSpec("NET", "a net", kind: .file(extensions: ["graph"]))],
        options: [
          .single("output", short: "o", "DIR", "where [to]", kind: .folder),
          .repeated("kind", "KIND", "what", kind: .choice(["c", "swift"])),
        ])
    ])

  @Test func bash() {
    #expect(
      Self.small.completionScript(for: .bash) == #"""
        # bash completion for tool
        _tool() {
          local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
          local command=tool index
          # bash splits words at '='
          if [[ $current == '=' ]]; then current=''
          elif [[ $previous == '=' ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
          for ((index = 1; index < COMP_CWORD; index++)); do
            case "$command ${COMP_WORDS[index]}" in
              'tool make') command="$command ${COMP_WORDS[index]}" ;;
            esac
          done
          case "$command $previous" in
            'tool make -o'|'tool make --output') compopt -o dirnames; return ;;
            'tool make --kind') COMPREPLY=($(compgen -W 'c swift' -- "$current")); return ;;
          esac
          case $command in
            'tool')
              if [[ $current == -* ]]; then COMPREPLY=($(compgen -W '-h --help' -- "$current"));
              else COMPREPLY=($(compgen -W 'make' -- "$current")); fi
            ;;
            'tool make')
              if [[ $current == -* ]]; then COMPREPLY=($(compgen -W '-o --output --kind -h --help' -- "$current"));
              else compopt -o default; fi
            ;;
          esac
        }
        complete -F _tool tool

        """#)
  }

  @Test func zsh() {
    #expect(
      Self.small.completionScript(for: .zsh) == #"""
        #compdef tool

        _tool_make() {
          _arguments \
            '(-o --output)'{-o+,--output=}'[where \[to\]]:DIR:_files -/' \
            '*--kind=[what]:KIND:(c swift)' \
            '(-h --help)'{-h,--help}'[show this help]' \
            ':NET:_files -g "*.(graph)"'
        }

        _tool() {
          local context state state_descr line
          typeset -A opt_args
          _arguments -C \
            '(-h --help)'{-h,--help}'[show this help]' \
            '1:command:->command' \
            '*::arguments:->arguments'
          case $state in
            command)
              local -a commands=(
                'make:it'\''s made'
              )
              _describe command commands
            ;;
            arguments)
              case $line[1] in
                make) _tool_make ;;
              esac
            ;;
          esac
        }

        _tool "$@"

        """#)
  }

  @Test func fish() {
    #expect(
      Self.small.completionScript(for: .fish) == #"""
        # fish completion for tool
        complete -c tool -f
        complete -c tool -n 'not __fish_seen_subcommand_from make' -a make -d 'it'\''s made'
        complete -c tool -n 'not __fish_seen_subcommand_from make' -s h -l help -d 'show this help'
        complete -c tool -n '__fish_seen_subcommand_from make' -s o -l output -x -a '(__fish_complete_directories)' -d 'where [to]'
        complete -c tool -n '__fish_seen_subcommand_from make' -l kind -x -a 'c swift' -d 'what'
        complete -c tool -n '__fish_seen_subcommand_from make' -s h -l help -d 'show this help'
        complete -c tool -n '__fish_seen_subcommand_from make' -F

        """#)
  }

  /// Every command, option and choice is known to every shell.
  @Test(arguments: Shell.allCases)
  func scriptsAreComplete(shell: Shell) {
    let script = testRoot.completionScript(for: shell)
    for path in CommandPath(root: testRoot).descendants.dropFirst() {
      #expect(script.contains(path.command.name))
      for option in path.command.options { #expect(script.contains(option.name)) }
    }
    #expect(script.contains("bash zsh fish"))
    #expect(testRoot.completionScript(for: shell) == script)
  }
}
