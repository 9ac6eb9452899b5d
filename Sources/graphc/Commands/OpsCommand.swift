import GraphCompiler
import SourceText

/// `graphc ops`: the table of operators.
struct OpsCommand: Command {
  static let spec = CommandSpec(
    "ops", "list the operators, or explain one",
    examples: ["graphc ops", "graphc ops conv", "graphc ops --json"],
    positionals: [
      PositionalSpec(
        "OPERATOR", "one of those that 'graphc ops' lists", arity: .optional, kind: .choice(names))
    ],
    options: [.flag("json", "print for machines")])

  private static let names = OpTable.all.map { $0.name }

  let name: String?
  let json: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    name = arguments.positional("OPERATOR")
    json = arguments.flag("json")
  }

  func run(_ console: Console) throws -> ExitCode {
    let descriptions = OpTable.all.filter { name == nil || $0.name == name }.map { OpDescription($0) }
    if json {
      try console.print(JSON.array(descriptions.map(\.json)).text(pretty: true) + "\n")
    } else if name == nil {
      try console.print(list(descriptions))
    } else {
      for description in descriptions { try console.print(description.page) }
    }
    return .success
  }

  private func list(_ descriptions: [OpDescription]) -> String {
    var table = TextTable([.left, .left])
    for description in descriptions { table.row(description.name, description.summary) }
    let closing = "\n\(descriptions.count) operators; 'graphc ops OPERATOR' explains one\n"
    return table.lines().map { $0 + "\n" }.joined() + closing
  }
}

extension OpDescription {
  /// Everything about the operator.
  fileprivate var page: String {
    var writer = TextWriter()
    writer.line(signature)
    writer.indented { $0.line(summary) }
    if let layerForm {
      writer.blank()
      writer.line("as a layer, with parameters of its own: \(layerForm)")
      writer.indented { $0.lines(Self.table(layerArguments)) }
    }
    if !attributes.isEmpty {
      writer.blank()
      writer.line("attributes:")
      writer.indented { $0.lines(Self.table(attributes)) }
    }
    writer.blank()
    writer.line("examples (operands are written as their types):")
    writer.indented { $0.lines(examples) }
    return writer.text
  }

  private static func table(_ arguments: [Argument]) -> [String] {
    var table = TextTable([.left, .left])
    for argument in arguments {
      let value = argument.defaultValue.map { ": \($0)" } ?? ""
      table.row(argument.name + value, argument.summary)
    }
    return table.lines()
  }

  fileprivate var json: JSON {
    func arguments(_ list: [Argument]) -> JSON {
      .array(
        list.map { argument in
          var members: [(String, JSON)] = [("name", .string(argument.name))]
          if let value = argument.defaultValue { members.append(("default", value.json)) }
          members.append(("summary", .string(argument.summary)))
          return .object(members)
        })
    }
    return .object([
      ("name", .string(name)), ("summary", .string(summary)),
      ("operands", .array(operands.map { .string($0.description) })), ("attributes", arguments(attributes)),
      ("layerArguments", arguments(layerArguments)), ("examples", .array(examples.map { .string($0) })),
    ])
  }
}

extension Attribute {
  fileprivate var json: JSON {
    switch self {
    case .int(let value): .int(value)
    // JSON has no infinities.
    case .float(let value): value.isFinite ? .double(value) : .string("\(value)")
    case .bool(let value): .bool(value)
    case .string(let value): .string(value)
    case .list(let values): .array(values.map(\.json))
    }
  }
}
