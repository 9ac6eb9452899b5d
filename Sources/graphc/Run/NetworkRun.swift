import GraphCompiler
import KernelRunner
import LoopIR
import SourceText
import TensorFiles

/// The outputs of a network for one set of inputs.
struct NetworkRun {
  /// In the order of the graph.
  let outputs: [(name: String, tensor: StoredTensor)]

  /// With generated C, compiled by the machine's C compiler.
  init(compiling inputs: MatchedInputs, _ build: BuildOptions, _ console: Console) throws {
    let program = try console.progress("compiling graph \(inputs.graph.name)") {
      try build.program(inputs.graph)
    }
    try MemoryCheck.requireRun(of: program)
    let network = try console.progress("compiling the C of graph \(inputs.graph.name)") {
      try CompiledNetwork(program, build)
    }
    let bytes = program.buffers.filter { $0.role == .input }.map { buffer in
      guard let tensor = inputs.tensors[buffer.name] else {
        preconditionFailure("the program asks for '\(buffer.name)', which is no input of the graph")
      }
      return tensor.bytes
    }
    let results = network.run(bytes)
    let buffers = program.buffers.filter { $0.role == .output }
    let bytesByName = Dictionary(zip(buffers.map(\.name), results), uniquingKeysWith: { first, _ in first })
    outputs = inputs.graph.outputs.map { output in
      guard let bytes = bytesByName[output.name] else {
        preconditionFailure("the program has no output '\(output.name)'")
      }
      let type = inputs.graph.type(of: output.value)
      return (output.name, StoredTensor(shape: type.shape, element: type.element.stored, bytes: bytes))
    }
  }

  /// With the reference interpreter, in double precision.
  init(interpreting inputs: MatchedInputs, _ console: Console) throws {
    let tensors = inputs.tensors.mapValues { TensorValues(shape: $0.shape, values: $0.doubles()) }
    let results = try console.progress("interpreting graph \(inputs.graph.name)") {
      try Interpreter(inputs.graph).run(tensors)
    }
    var outputs: [(name: String, tensor: StoredTensor)] = []
    for output in inputs.graph.outputs {
      guard let values = results.outputs[output.name] else {
        preconditionFailure("the interpreter left out output '\(output.name)'")
      }
      outputs.append((output.name, try Self.stored(values, inputs.graph.type(of: output.value))))
    }
    self.outputs = outputs
  }

  private static func stored(_ values: TensorValues, _ type: TensorType) throws(TensorFileError)
    -> StoredTensor
  {
    let element = type.element.stored
    if type.element.isFloatingPoint {
      return try StoredTensor(shape: type.shape, values.values).converted(to: element)
    }
    return StoredTensor(
      shape: type.shape, element: element, bytes: TensorData(type, doubles: values.values).bytes)
  }
}
