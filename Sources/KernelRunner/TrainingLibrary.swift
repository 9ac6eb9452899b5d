import GraphCompiler
import LoopIR

/// The functions of a network with training, compiled and loaded into this process, and one state that they work on.
package final class TrainingLibrary {
  package let compilation: TrainingCompilation
  package let bundle: TrainingBundle
  private let functions: [(name: String, function: Function)]
  private let state: AlignedMemory
  private let arena: AlignedMemory
  // Keeps the code in memory.
  private let library: KernelLibrary

  /// One function of the library.
  struct Function {
    let entry: KernelLibrary.Entry
    let inputs: [(name: String, type: TensorType)]
    let outputs: [(name: String, type: TensorType)]
  }

  /// Training is some hundred steps at least, and many thousand of small networks, so that it is never a short run.
  private static let usualRunCount = 200

  package init(_ plan: TrainingPlan, _ options: BuildOptions = BuildOptions()) throws {
    compilation = try TrainingCompilation(plan, registers: [options.target.registers], threads: options.threads)
    bundle = TrainingBundle(
      compilation, SourceBundle.Options(sourceName: "\(plan.name).graph", targets: [options.target]))
    let operations = compilation.functions.map(\.program.operationCount).max() ?? 0
    let library = try KernelLibrary(
      plan.name, bundle.files, entryPoints: bundle.entryPoints(options.instructionSet), options,
      operations: max(
        BuildOptions.fewOperations, min(operations, .max / Self.usualRunCount) * Self.usualRunCount))
    self.library = library
    functions = try compilation.functions.map { function in
      func tensors(_ role: Buffer.Role) -> [(name: String, type: TensorType)] {
        function.program.buffers.filter { $0.role == role }.map { ($0.name, $0.type) }
      }
      let loaded = Function(
        entry: try library.entry(function.name), inputs: tensors(.input), outputs: tensors(.output))
      return (function.name, loaded)
    }
    state = AlignedMemory(byteCount: bundle.stateByteCount)
    arena = AlignedMemory(byteCount: bundle.arenaByteCount)
    reset()
  }

  /// Back to the initial parameters, with nothing kept by the optimizer.
  package func reset() {
    state.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: bundle.stateByteCount)
    bundle.weights.copy(to: state.bytes)
  }

  /// The function of that name: `train_step`.
  func function(_ name: String) -> Function {
    guard let found = functions.first(where: { $0.name == name }) else {
      preconditionFailure("training has no function '\(name)'")
    }
    return found.function
  }

  /// Runs a function on the state.
  /// - Parameter inputs: the bytes of each input, by name.
  /// - Returns: the outputs, in order.
  package func run(
    _ name: String, _ inputs: (String) -> [UInt8]
  ) -> [(name: String, tensor: TensorData)] {
    let function = function(name)
    let inputMemory = function.inputs.map { AlignedMemory(inputs($0.name)) }
    let outputMemory = function.outputs.map { AlignedMemory(byteCount: $0.type.byteCount) }
    var pointers: [UnsafeMutableRawPointer?] = [state.pointer]
    pointers += (inputMemory + outputMemory).map(\.pointer)
    pointers.append(arena.pointer)
    // The C code knows addresses only.
    return withExtendedLifetime((self, inputMemory, outputMemory)) {
      function.entry(pointers)
      return zip(function.outputs, outputMemory).map { output, memory in
        (output.name, TensorData(output.type, bytes: memory.bytes(output.type.byteCount)))
      }
    }
  }

  /// The elements of a stored tensor.
  package func stored(_ type: TensorType, at offset: Int) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: state.pointer + offset, count: type.byteCount))
  }

  package var snapshot: [UInt8] { state.bytes(bundle.stateByteCount) }

  /// - Returns: false, and nothing done, where the snapshot is of another network.
  package func restore(_ snapshot: [UInt8]) -> Bool {
    guard snapshot.count == bundle.stateByteCount, bundle.weights.isLike(snapshot) else { return false }
    state.pointer.copyMemory(from: snapshot, byteCount: snapshot.count)
    return true
  }
}
