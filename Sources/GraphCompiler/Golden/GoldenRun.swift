import LoopIR
import SourceText

extension Graph {
  /// Outputs of the reference interpreter, rounded to their types, one a line: `y: f32[2] = 0.5, 1.25`.
  /// - Parameter inputs: literals by the names of inputs and parameters.
  func interpreted(_ inputs: [(name: String, value: String)]) throws(CompileError) -> String {
    var tensors: [String: TensorValues] = [:]
    for (name, text) in inputs {
      guard let info = values.first(where: { $0.name == name }) else {
        throw CompileError("unknown-input", "graph '\(self.name)' has no input '\(name)'", at: .unknown)
      }
      let literal = try TensorLiteral(SourceFile(path: name, text: text))
      if literal.shape != info.type.shape {
        throw CompileError(
          "input-shape", "expected \(info.type) for input '\(name)', found shape \(literal.shape)",
          at: info.range)
      }
      tensors[name] = TensorValues(try literal.data(info.type))
    }
    let results = try Interpreter(self).run(tensors).outputs
    return outputs.map { output in
      let data = TensorData(type(of: output.value), doubles: results[output.name]?.values ?? [])
      return "\(output.name): \(data.summary)\n"
    }.joined()
  }
}
