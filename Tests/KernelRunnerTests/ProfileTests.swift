import GraphCompiler
import Testing

@testable import KernelRunner

/// Code with clocks in it computes the same, and the clocks tell something.
@Suite struct ProfileTests {
  @Test(arguments: [1, 2]) func aMeasuredRunGivesTheSameBits(_ threads: Int) throws {
    let graph = try RepositoryGraphs.parse("lenet5.graph")
    let options = BuildOptions(threads: threads)
    let program = try options.program(graph)
    let values = Verification.randomInputs(graph, seed: 5)
    let inputs = program.buffers.filter { $0.role == .input }.map { values[$0.name]?.bytes ?? [] }
    let expected = try CompiledNetwork(program, options).run(inputs)

    let network = try ProfiledNetwork(program, inputs: inputs, options)
    let steps = network.runStepByStep(times: 3)
    #expect(network.outputs == expected)
    #expect(steps.count == program.steps.count)
    #expect(steps.allSatisfy { $0 > 0 && $0.isFinite })
    #expect(network.run(times: 2) > 0)
    #expect(network.outputs == expected)
    for speed in [network.peak(), network.bandwidth()] { #expect(speed > 0 && speed.isFinite) }
    #expect(network.outputs == expected)
  }

  /// With a rate of 0 a step changes nothing but what the optimizer keeps, so that all runs give the same.
  @Test func aMeasuredTrainingStepGivesTheSameBits() throws {
    let graph = try RepositoryGraphs.parse("lenet5.graph", ["N": 4])
    let plan = try TrainingPlan(graph)
    let options = BuildOptions()
    let compilation = try TrainingCompilation(plan, registers: [options.target.registers])
    #expect(compilation.stepFunction.name == "train_step")
    let function = try #require(plan.functions.first { $0.name == "train_step" })
    var values = Verification.randomInputs(function.graph, seed: 5)
    values["rate"] = TensorData(TensorType(.f32, []), doubles: [0])
    let library = try TrainingLibrary(plan, options)
    let expected = library.run("train_step") { values[$0]?.bytes ?? [] }.map(\.tensor.bytes)

    let inputs = compilation.stepFunction.program.buffers.filter { $0.role == .input }
    let bytes = inputs.map { values[$0.name]?.bytes ?? [] }
    let network = try ProfiledNetwork(trainingStepOf: compilation, inputs: bytes, options)
    let steps = network.runStepByStep(times: 2)
    #expect(network.outputs == expected)
    #expect(steps.count == compilation.stepFunction.program.steps.count && steps.allSatisfy { $0 > 0 && $0.isFinite })
    #expect(network.run(times: 2) > 0)
    #expect(network.outputs == expected)
  }

  /// Other loops read the same weights; another algorithm needs others.
  @Test func oneNetworkLendsItsParametersToAnother() throws {
    let graph = try RepositoryGraphs.parse("pattern_conv_relu_conv_relu_pool.graph")
    let programs = try [Double.infinity, .infinity, 0].map { try BuildOptions(largestWinogradError: $0).program(graph) }
    let values = Verification.randomInputs(graph, seed: 5)
    let inputs = programs[0].buffers.filter { $0.role == .input }.map { values[$0.name]?.bytes ?? [] }
    let first = try ProfiledNetwork(programs[0], inputs: inputs)
    for program in programs {
      let expected = try CompiledNetwork(program).run(inputs)
      let network = try ProfiledNetwork(program, inputs: inputs, like: first)
      _ = network.run(times: 1)
      #expect(network.outputs == expected)
    }
  }

  @Test(arguments: HostProcessor.instructionSets) func everyInstructionSetIsMeasured(_ name: String) throws {
    let build = BuildOptions(instructionSet: name)
    let program = try build.program(RepositoryGraphs.parse("cos_sin_x2.graph"))
    let sizes = program.buffers.filter { $0.role == .input }.map(\.type.byteCount)
    let inputs = sizes.map { [UInt8](repeating: 0, count: $0) }
    let network = try ProfiledNetwork(program, inputs: inputs, build)
    let measurement = network.measure(rounds: 2, seconds: 60)
    #expect(measurement.roundCount == 2 && (1...2).contains(measurement.quietCount))
    #expect(measurement.steps.count == program.steps.count)
    #expect(
      ([measurement.network, measurement.peak, measurement.bandwidth] + measurement.steps).allSatisfy {
        $0 > 0
      })
  }

  @Test func onlyQuietRoundsCount() {
    let rounds = [(100.0, 5.0), (96, 7), (99, 6), (90, 50), (94.9, 70)].map {
      Measurement.Round(peak: $0.0, bandwidth: $0.1, network: $0.1, steps: [$0.1, 2 * $0.1])
    }
    let measurement = Measurement(rounds)
    #expect(measurement.quietCount == 3 && measurement.roundCount == 5)
    #expect(measurement.peak == 100 && measurement.bandwidth == 70)
    #expect(measurement.network == 6 && measurement.steps == [6, 12])
    #expect(Measurement([rounds[0], rounds[1]]).network == 6)
  }
}
