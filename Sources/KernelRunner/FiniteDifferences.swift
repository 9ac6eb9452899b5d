import GraphCompiler
import LoopIR
import SourceText

/// Derivatives of a graph's only output, one number, from values around a point in double precision.
package struct FiniteDifferences {
  private let graph: Graph
  /// Where derivatives are taken: inputs by name, and parameters that have other values than their own.
  private let point: [String: TensorValues]
  private let code = InterpreterCode()

  package init(_ graph: Graph, at point: [String: TensorValues]) {
    self.graph = graph
    self.point = point
  }

  /// The derivative by one element, from five points (Abramowitz & Stegun 25.3.6); nil at a kink, where other step
  /// widths say otherwise.
  /// - Parameter scale: the magnitude of gradients that counts: a millionth of it is no difference.
  package func slope(of name: String, at place: Int, scale: Double) throws(CompileError) -> Double? {
    for step in [1e-3, 1e-4, 1e-5, 1e-6] {
      let (coarse, fine) = (try difference(name, place, 2 * step), try difference(name, place, step))
      if abs(coarse - fine) <= 1e-6 * max(abs(fine), scale) { return fine }
    }
    return nil
  }

  private func difference(_ name: String, _ place: Int, _ step: Double) throws(CompileError) -> Double {
    let near = try value(name, place, step) - value(name, place, -step)
    let far = try value(name, place, 2 * step) - value(name, place, -2 * step)
    return (8 * near - far) / (12 * step)
  }

  private func value(_ name: String, _ place: Int, _ offset: Double) throws(CompileError) -> Double {
    var moved = point
    moved[name]?.values[place] += offset
    return try Interpreter(graph).run(moved, code: code).outputs.values.first?.values.first ?? .nan
  }
}
