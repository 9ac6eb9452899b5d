/// Every operator, in alphabetical order. The parser, the documentation and the tests read this table.
package enum OpTable {
  package static let all: [any Op.Type] = [
    Add.self,
    Conv.self,
    Div.self,
    Exp.self,
    ReduceMax.self,
    ReduceSum.self,
    Relu.self,
    Softmax.self,
    Sub.self,
  ]

  private static let byName: [String: any Op.Type] = Dictionary(
    all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// The operator of that name.
  package static func find(_ name: String) -> (any Op.Type)? { byName[name] }
}
