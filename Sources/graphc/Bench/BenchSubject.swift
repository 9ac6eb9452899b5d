import GraphCompiler
import KernelRunner
import SourceText

/// The code that is measured and explained: of a network, or of one step of its training.
struct BenchSubject {
  static let training = OptionSpec.flag("train", "the training step, as the train section says")

  let program: Program
  private let build: BuildOptions
  /// Whose inputs the code takes.
  private let graph: Graph
  private let training: TrainingCompilation?

  init(_ graph: Graph, _ build: BuildOptions, trains: Bool) throws(CompileError) {
    self.build = build
    if !trains {
      (self.graph, training) = (graph, nil)
      program = try build.program(graph)
      return
    }
    let plan = try TrainingPlan(graph)
    let compilation = try TrainingCompilation(
      plan, registers: [build.target.registers], threads: build.threads,
      largestWinogradError: build.largestWinogradError)
    let step = compilation.stepFunction
    program = step.program
    self.graph = plan.functions.first { $0.name == step.name }?.graph ?? graph
    training = compilation
  }

  /// The code, ready to be measured on random inputs. The learning rate is 0, so that parameters stay as they are.
  func profiled() throws(CCompiler.Failure) -> ProfiledNetwork {
    var inputs = Verification.randomInputs(graph, seed: 1)
    if let rate = inputs[TrainingPlan.rateInput], training != nil {
      inputs[TrainingPlan.rateInput] = TensorData(rate.type, doubles: [0])
    }
    let bytes = program.buffers.filter { $0.role == .input }.map { inputs[$0.name]?.bytes ?? [] }
    guard let training else { return try ProfiledNetwork(program, inputs: bytes, build) }
    return try ProfiledNetwork(trainingStepOf: training, inputs: bytes, build)
  }
}
