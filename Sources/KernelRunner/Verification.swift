import GraphCompiler
import LoopIR
import SourceText

/// Generated code against the reference interpreter: the same inputs, single against double precision.
package struct Verification: Sendable {
  /// How one output compares.
  package struct OutputReport: Sendable {
    package var name: String
    package var type: TensorType
    /// Largest difference over largest magnitude of the expected output.
    package var relativeError: Double
    /// Row-major position of the largest difference, and the two numbers there.
    package var worst: (position: Int, got: Double, expected: Double)
  }

  /// What the graph became.
  package let program: Program
  package var outputs: [OutputReport]

  package var largestError: Double { outputs.map(\.relativeError).max() ?? 0 }

  /// Compiles the graph, runs it on random inputs (normal numbers from the seed; whole numbers are 0 or 1),
  /// and compares.
  package init(_ graph: Graph, seed: UInt64 = 1, build: BuildOptions = BuildOptions()) throws {
    try self.init(graph, inputs: Self.randomInputs(graph, seed: seed), build: build)
  }

  /// The same on given inputs, of which every one must be there.
  package init(_ graph: Graph, inputs: [String: TensorData], build: BuildOptions) throws {
    program = try build.program(graph)
    let bytes = program.buffers.filter { $0.role == .input }.map { inputs[$0.name]?.bytes ?? [] }
    let got =
      build.sanitizes
      ? try SanitizedNetwork(program, build).run(bytes) : try CompiledNetwork(program, build).run(bytes)
    let tensors = inputs.mapValues { TensorValues($0) }
    let expected = try Interpreter(graph).run(tensors)
    let names = program.buffers.filter { $0.role == .output }
    outputs = zip(names, got).map { buffer, bytes in
      let values = TensorData(buffer.type, bytes: bytes).doubles
      return Self.compare(buffer.name, buffer.type, values, expected.outputs[buffer.name]?.values ?? [])
    }
  }

  /// One tensor for every input of the graph, by name.
  package static func randomInputs(_ graph: Graph, seed: UInt64) -> [String: TensorData] {
    var inputs: [String: TensorData] = [:]
    for value in graph.inputs {
      let info = graph[value]
      if info.type.element.isFloatingPoint {
        let normal = Initializer.normal(mean: 0, deviation: 1)
        inputs[info.name] = normal.sample(info.type, name: "input \(info.name)", seed: seed)
      } else {
        let bits = Initializer.uniform(low: 0, high: 2)
        inputs[info.name] = bits.sample(info.type, name: "input \(info.name)", seed: seed)
      }
    }
    return inputs
  }

  /// How an output compares with what is expected of it.
  package static func compare(
    _ name: String, _ type: TensorType, _ got: [Double], _ expected: [Double]
  ) -> OutputReport {
    let scale = expected.reduce(0) { max($0, $1.isFinite ? abs($1) : 0) }
    var worst = (position: 0, got: got.first ?? 0, expected: expected.first ?? 0)
    var largest = got.count == expected.count ? 0.0 : .infinity
    for (place, (a, b)) in zip(got, expected).enumerated() {
      let difference = a == b || (a.isNaN && b.isNaN) ? 0 : abs(a - b)
      let error = difference.isNaN ? .infinity : difference
      if error > largest {
        largest = error
        worst = (place, a, b)
      }
    }
    let relative = largest == 0 ? 0 : largest / max(scale, .leastNormalMagnitude)
    return OutputReport(name: name, type: type, relativeError: relative, worst: worst)
  }
}

extension Graph {
  /// The same with every value as an output that a kernel of its program stores: what an output hides,
  /// because it saturates or takes the largest, is compared too.
  package func showingStoredValues() throws(CompileError) -> Graph {
    var graph = try Compilation(self).graph
    let shown = Set(graph.outputs.map(\.value))
    for (place, node) in graph.nodes.enumerated() where !node.op.keepsRowMajorOrder {
      let next = place + 1 < graph.nodes.count ? graph.nodes[place + 1].group : nil
      if let group = node.group, group == next { continue }
      for value in node.results where !shown.contains(value) {
        graph.outputs.append(Output(name: graph[value].name, value: value))
      }
    }
    return graph
  }
}
