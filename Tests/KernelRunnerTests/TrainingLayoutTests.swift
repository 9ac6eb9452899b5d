import KernelRunner
import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// Training in blocks of channels: every way in which a gradient is computed, as generated C, against the interpreter.
@Suite struct TrainingLayoutTests {
  /// Convolutions with strides 1, 2 and 4, with channels that fill their blocks and such that do not, by Winograd's
  /// algorithm and directly; normalization, a shortcut, pooling whose windows overlap.
  private static let network = """
    graph net(N = 2) {
      input x: f32[N, 3, 25, 25]
      a = x -> conv(20, kernel: 3, stride: 2, pad: 1, bias: false) -> batch_norm -> relu  // 13x13
      s = a -> conv(16, kernel: 1)
      b = s -> conv(64, kernel: 3, pad: 1, bias: false) -> batch_norm -> relu
      c = s + (b -> conv(16, kernel: 3, pad: 1))
      d = c -> maxpool(3, stride: 2, pad: 1) -> conv(36, kernel: 3, stride: 2, pad: 1) -> relu  // 4x4
      e = b -> conv(36, kernel: 5, stride: 4, pad: 2)
      output y = (d + e) -> avgpool(2) -> flatten -> fc(10)
      train {
        input label: i32[N]
        minimize cross_entropy(y, label)
        with sgd(rate: 0.1, momentum: 0.9)
      }
    }
    """

  private static func parsed() throws -> Graph {
    try GraphParser.parse(SourceFile(path: "net.graph", text: network)).graph
  }

  private static func isWinograd(_ kernel: Kernel) -> Bool { kernel.name.contains("winograd") }

  @Test func gradientsAgreeWithTheInterpreter() throws {
    let plan = try TrainingPlan(Self.parsed())
    let library = try TrainingLibrary(plan, BuildOptions(optimization: "-O1"))
    let kernels = library.compilation.functions.flatMap(\.program.kernels)
    #expect(kernels.contains(where: Self.isWinograd))
    #expect(kernels.contains { $0.schedule.directives.contains { if case .carry = $0 { true } else { false } } })
    #expect(kernels.contains { $0.schedule.directives.contains { if case .separate = $0 { true } else { false } } })

    let graph = try #require(plan.functions.first { $0.name == "backward" }).graph
    let images = Initializer.normal(mean: 0, deviation: 1).sample(TensorType(.f32, [2, 3, 25, 25]), name: "x", seed: 1)
    let inputs = ["x": images, "label": TensorData(TensorType(.i32, [2]), doubles: [3, 7])]
    var known = inputs.mapValues { TensorValues($0) }
    for parameter in plan.parameters {
      known[parameter.name] = TensorValues(parameter.source.data(parameter.name, parameter.type))
    }
    let expected = try Interpreter(graph).run(known).outputs
    let got = library.run("backward") { inputs[$0]?.bytes ?? [] }
    #expect(got.count == plan.parameters.count(where: \.isTrained) + 2)
    for (name, tensor) in got {
      let values = try #require(expected[name]).values
      let scale = max(values.reduce(0) { max($0, abs($1)) }, 1e-6)
      let error = zip(values, tensor.doubles).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
      #expect(error <= 1e-4 && tensor.doubles.count == values.count, "\(name): \(error)")
    }
  }

  @Test func winogradCanBeForbidden() throws {
    let plan = try TrainingPlan(Self.parsed())
    let kernels = try TrainingCompilation(plan, largestWinogradError: 0).functions.flatMap(\.program.kernels)
    #expect(!kernels.contains(where: Self.isWinograd))
  }
}
