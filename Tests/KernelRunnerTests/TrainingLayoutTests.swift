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

  /// Layers beside those: one and three spatial axes, groups, depthwise with a stride, transposed, views of a
  /// concatenation of one image, a loss on maps.
  private static let others = [
    ("2, 3, 40", "conv(24, kernel: 5, stride: 2, pad: 2, bias: false) -> batch_norm -> relu -> conv(32, kernel: 3, pad: 1) -> maxpool(2)"),
    ("1, 2, 4, 6, 6", "conv(16, kernel: 3, pad: 1) -> relu -> maxpool(2) -> conv(20, kernel: 3, pad: 1)"),
    ("2, 6, 9, 9", "conv(36, kernel: 3, stride: 2, pad: 1, groups: 3) -> relu -> conv(36, kernel: 3, pad: 1, groups: 36)"),
    ("2, 3, 9, 9", "conv(32, kernel: 1) -> conv(32, kernel: 3, stride: 2, pad: 1, groups: 32, bias: false) -> batch_norm -> relu -> conv(48, kernel: 1)"),
    ("2, 3, 4, 4", "conv(20, kernel: 3, pad: 1) -> relu -> conv_transpose(18, kernel: 4, stride: 2, pad: 1) -> relu"),
  ]

  private static func parsed() throws -> Graph {
    try GraphParser.parse(SourceFile(path: "net.graph", text: network)).graph
  }

  private static func isWinograd(_ kernel: Kernel) -> Bool { kernel.name.contains("winograd") }

  @Test(arguments: HostProcessor.instructionSets) func gradientsAgreeWithTheInterpreter(_ target: String) throws {
    let (plan, exact) = try Self.allWays.get()
    let library = try TrainingLibrary(plan, BuildOptions(optimization: "-O0", instructionSet: target))
    let kernels = library.compilation.functions.flatMap(\.program.kernels)
    #expect(kernels.contains(where: Self.isWinograd))
    #expect(kernels.contains { $0.schedule.directives.contains { if case .carry = $0 { true } else { false } } })
    #expect(kernels.contains { $0.schedule.directives.contains { if case .separate = $0 { true } else { false } } })

    try expectGradients(plan, library, exact)
  }

  private static let allWays = Result {
    let plan = try TrainingPlan(parsed())
    return (plan, try Exact(plan, [2, 3, 25, 25], label: TensorData(TensorType(.i32, [2]), doubles: [3, 7])))
  }

  @Test(arguments: others) func otherLayersAgreeToo(_ shape: String, _ layers: String) throws {
    let text = """
      graph net {
        input x: f32[\(shape)]
        output y = x -> \(layers) -> global_avgpool -> flatten -> fc(4)
        train {
          input label: f32[\(shape.prefix(1)), 4]
          minimize squared_error(y, label)
          with sgd(rate: 0.1)
        }
      }
      """
    let image = shape.split(separator: ", ").compactMap { Int($0) }
    try expectGradients(text, image, label: [image[0], 4])
  }

  /// Filters that change are transformed in every step, and their gradients are handed back by the same algorithm.
  @Test func fiveWideWindowsAgree() throws {
    let text = """
      graph net {
        input x: f32[1, 3, 14, 13]
        output y = x -> conv(16, kernel: 1) -> tanh -> conv(32, kernel: 5, pad: 2) -> tanh -> global_avgpool -> flatten
        train {
          input label: f32[1, 32]
          minimize squared_error(y, label)
          with sgd(rate: 0.1)
        }
      }
      """
    let plan = try TrainingPlan(GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph)
    let names = try TrainingCompilation(plan).functions.flatMap(\.program.kernels).map(\.name)
    #expect(Set(names).isSuperset(of: ["conv_tanh_winograd4_1", "adjoint_mul_sub_mul_winograd4_1"]), "\(names)")
    try expectGradients(text, [1, 3, 14, 13], label: [1, 32])
  }

  @Test func viewsOfAConcatenationAndALossOnMapsAgree() throws {
    let text = """
      graph net {
        input x: f32[1, 3, 12, 12]
        a = x -> conv(32, kernel: 3, pad: 1) -> relu
        b = concat(a -> conv(16, kernel: 1) -> relu, a -> conv(48, kernel: 3, pad: 1) -> relu, a -> maxpool(3, stride: 1, pad: 1))
        output y = b -> conv(5, kernel: 3, pad: 1)
        train {
          input label: f32[1, 5, 12, 12]
          minimize squared_error(y, label)
          with sgd(rate: 0.1)
        }
      }
      """
    try expectGradients(text, [1, 3, 12, 12], label: [1, 5, 12, 12])
  }

  /// Matrices with rows of more than one page.
  private static let longRows = Result {
    let text = """
      graph net {
        input x: f32[4, 48]
        output y = x -> fc(2100) -> relu -> fc(200) -> relu -> fc(4)
        train {
          input label: f32[4, 4]
          minimize squared_error(y, label)
          with sgd(rate: 0.1)
        }
      }
      """
    let plan = try TrainingPlan(GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph)
    return (plan, try Exact(plan, [4, 48], label: wanted([4, 4])))
  }

  /// Tiles and threads walk along the rows.
  @Test(arguments: HostProcessor.instructionSets) func longRowsAgree(_ target: String) throws {
    let (plan, exact) = try Self.longRows.get()
    for threads in [1, 3] {
      let library = try TrainingLibrary(plan, BuildOptions(optimization: "-O0", instructionSet: target, threads: threads))
      let kernels = library.compilation.functions.flatMap(\.program.kernels)
      #expect(kernels.contains { $0.schedule.directives.contains { if case .carry = $0 { true } else { false } } })
      try expectGradients(plan, library, exact)
    }
  }

  private func expectGradients(_ text: String, _ image: [Int], label: [Int]) throws {
    let plan = try TrainingPlan(GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph)
    let exact = try Exact(plan, image, label: Self.wanted(label))
    try expectGradients(plan, TrainingLibrary(plan, BuildOptions(optimization: "-O0")), exact)
  }

  private static func wanted(_ shape: [Int]) -> TensorData {
    Initializer.normal(mean: 0, deviation: 1).sample(TensorType(.f32, shape), name: "label", seed: 2)
  }

  /// Random images, and what the interpreter makes of them.
  private struct Exact {
    let inputs: [String: TensorData]
    let outputs: [String: TensorValues]

    init(_ plan: TrainingPlan, _ image: [Int], label: TensorData) throws {
      let graph = try #require(plan.functions.first { $0.name == "backward" }).graph
      let images = Initializer.normal(mean: 0, deviation: 1).sample(TensorType(.f32, image), name: "x", seed: 1)
      inputs = ["x": images, "label": label]
      var known = inputs.mapValues { TensorValues($0) }
      for parameter in plan.parameters {
        known[parameter.name] = TensorValues(parameter.source.data(parameter.name, parameter.type))
      }
      outputs = try Interpreter(graph).run(known).outputs
    }
  }

  private func expectGradients(_ plan: TrainingPlan, _ library: TrainingLibrary, _ exact: Exact) throws {
    let got = library.run("backward") { exact.inputs[$0]?.bytes ?? [] }
    #expect(got.count == plan.parameters.count(where: \.isTrained) + 2)
    for (name, tensor) in got {
      let values = try #require(exact.outputs[name]).values
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
