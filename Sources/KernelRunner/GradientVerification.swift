import GraphCompiler
import LoopIR
import SourceText

/// Generated gradients, in single precision, against finite differences of the reference interpreter, in double.
package struct GradientVerification: Sendable {
  /// How the gradient by one tensor compares.
  package struct TensorReport: Sendable {
    /// By the elements that were compared. Errors are relative to the largest element of this gradient, or to a thousandth of
    /// the largest of all gradients where that is more: what must vanish does so up to rounding only.
    package var output: Verification.OutputReport
    package var comparedCount: Int
    /// Elements at kinks, which have no derivative.
    package var skippedCount: Int
  }

  package private(set) var tensors: [TensorReport] = []

  package var largestError: Double { tensors.map(\.output.relativeError).max() ?? 0 }

  /// Compares gradients of the loss of the train section (without one, of a sum over the outputs) by every parameter that
  /// training could change, or by the inputs of a graph without such.
  /// - Parameters:
  ///   - seed: selects the random inputs.
  ///   - samples: how many elements of each tensor: those of the largest gradients, and others spread over it.
  package init(_ graph: Graph, seed: UInt64 = 1, samples: Int = 6, build: BuildOptions = BuildOptions()) throws {
    let lossGraph = try graph.lossGraph()
    var names = lossGraph.differentiableParameters
    if names.isEmpty {
      names = lossGraph.inputs.filter { lossGraph.type(of: $0).element.isFloatingPoint }.map { lossGraph[$0].name }
    }
    let inputs = Verification.randomInputs(lossGraph, seed: seed)
    let got = try Self.compiledGradients(lossGraph, names, inputs, build)
    let largest = got.flatMap { $0 }.reduce(0) { max($0, abs($1)) }
    let point = Self.point(lossGraph, inputs)
    let differences = FiniteDifferences(lossGraph, at: point)
    for (name, gradient) in zip(names, got) {
      let type = lossGraph.values.first { $0.name == name }?.type ?? TensorType(.f32, [gradient.count])
      let scale = max(gradient.reduce(0) { max($0, abs($1)) }, 1e-3 * largest)
      tensors.append(try Self.compare(name, type, gradient, differences, samples: samples, scale: scale))
    }
  }

  private static func compiledGradients(
    _ graph: Graph, _ names: [String], _ inputs: [String: TensorData], _ build: BuildOptions
  ) throws -> [[Double]] {
    let differentiated = try graph.addingGradients(
      of: graph.outputs[0].name, by: names.map { (name: $0, output: "\($0).grad") })
    let program = try build.program(differentiated)
    let network = try CompiledNetwork(program, build)
    let buffers = program.buffers.filter { $0.role == .input }
    let results = network.run(buffers.map { inputs[$0.name]?.bytes ?? [] })
    let outputs = program.buffers.filter { $0.role == .output }
    let gradients = differentiated.outputs.dropFirst().map { output in
      zip(outputs, results).first { $0.0.name == output.name }.map { TensorData($0.0.type, bytes: $0.1).doubles } ?? []
    }
    return Array(gradients)
  }

  /// Inputs and parameters as the interpreter takes them.
  private static func point(
    _ graph: Graph, _ inputs: [String: TensorData]
  ) -> [String: TensorValues] {
    var point = inputs.mapValues { TensorValues($0) }
    for parameter in graph.parameters {
      let info = graph[parameter]
      guard case .parameter(let source) = info.source else { continue }
      point[info.name] = TensorValues(source.data(info.name, info.type))
    }
    return point
  }

  private static func compare(
    _ name: String, _ type: TensorType, _ gradient: [Double], _ differences: FiniteDifferences, samples: Int,
    scale: Double
  ) throws -> TensorReport {
    var output = Verification.OutputReport(name: name, type: type, relativeError: 0, worst: (0, 0, 0))
    var (compared, skipped) = (0, 0)
    for place in places(gradient, samples) {
      guard let slope = try differences.slope(of: name, at: place, scale: scale) else {
        skipped += 1
        continue
      }
      compared += 1
      let difference = abs(gradient[place] - slope)
      let error = difference.isNaN ? .infinity : difference / max(scale, .leastNormalMagnitude)
      if compared == 1 || error > output.relativeError {
        output.relativeError = error
        output.worst = (place, gradient[place], slope)
      }
    }
    return TensorReport(output: output, comparedCount: compared, skippedCount: skipped)
  }

  /// Half of the places have the largest magnitudes, the others lie evenly.
  private static func places(_ gradient: [Double], _ count: Int) -> [Int] {
    if gradient.count <= count { return Array(gradient.indices) }
    let order = gradient.indices.sorted { (abs(gradient[$1]), $0) < (abs(gradient[$0]), $1) }
    var places = Array(order.prefix(count / 2))
    let rest = count - places.count
    for number in 0..<rest {
      let place = number * gradient.count / max(1, rest) + gradient.count / (2 * max(1, rest))
      if !places.contains(place) { places.append(place) }
    }
    return places
  }
}
