import SourceText

/// One use of an operator.
package struct Node: Sendable {
  package var op: any Op
  package var operands: [Value]
  package var results: [Value]
  package var range: SourceRange
  /// Nodes with the same number become one kernel; nil until they are grouped.
  package var group: Int?

  package init(op: any Op, operands: [Value], results: [Value], range: SourceRange, group: Int? = nil) {
    self.op = op
    self.operands = operands
    self.results = results
    self.range = range
    self.group = group
  }
}

extension Node: Equatable {
  /// Ranges do not count: text printed and parsed again is the same node.
  package static func == (left: Node, right: Node) -> Bool {
    left.operands == right.operands && left.results == right.results && left.group == right.group
      && left.op.isEqual(to: right.op)
  }
}
