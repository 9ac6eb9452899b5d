import LoopIR

/// The code of a graph's equations: built when a node first runs, kept for the runs that follow.
package final class InterpreterCode {
  private var nodes: [Int: [(result: String, equation: PreparedEquation)]] = [:]

  package init() {}

  /// - Parameter make: the equations of the node at this place among those of the graph and its train section
  func equations(of place: Int, _ make: () -> [Equation]) -> [(result: String, equation: PreparedEquation)] {
    if let known = nodes[place] { return known }
    let made = make().map { (result: $0.result.name, equation: PreparedEquation($0)) }
    nodes[place] = made
    return made
  }
}
