import GraphCompiler

/// A network's generated C, compiled by the machine's C compiler and loaded into this process.
package final class CompiledNetwork {
  package let program: Program
  private let library: KernelLibrary
  private let entry: KernelLibrary.Entry
  private let parameters: AlignedMemory
  private let arena: AlignedMemory

  /// Compiles the bundle in a temporary folder, which is gone afterwards.
  package init(_ program: Program, _ options: BuildOptions = BuildOptions()) throws(CCompiler.Failure) {
    self.program = program
    let bundle = options.bundle(program)
    let entries = bundle.entryPoint(program, options.instructionSet, includingKernels: true)
    library = try KernelLibrary(
      program.name, bundle.files, entryPoints: entries, options, operations: program.operationCount)
    entry = try library.entry("forward")
    parameters = AlignedMemory(byteCount: bundle.weights?.byteCount ?? 0)
    bundle.weights?.copy(to: parameters.bytes)
    arena = AlignedMemory(byteCount: program.arenaByteCount)
  }

  /// Runs the network. Inputs are in the order of the program's inputs, in row-major order, of exactly the
  /// declared size; so are the results.
  package func run(_ inputs: [[UInt8]]) -> [[UInt8]] {
    let inputMemory = inputs.map { AlignedMemory($0) }
    let outputs = program.buffers.filter { $0.role == .output }
    let outputMemory = outputs.map { AlignedMemory(byteCount: $0.type.byteCount) }
    var pointers: [UnsafeMutableRawPointer?] = [parameters.pointer]
    pointers += (inputMemory + outputMemory).map(\.pointer)
    pointers.append(arena.pointer)
    // The C code knows addresses only; without this, the optimizer may free the memory behind them before the
    // call.
    return withExtendedLifetime((self, inputMemory, outputMemory)) {
      entry(pointers)
      return zip(outputs, outputMemory).map { $1.bytes($0.type.byteCount) }
    }
  }
}

extension CompiledNetwork {
  /// The same by name. Every input must be there, of the declared type.
  package func run(_ inputs: [String: TensorData]) -> [String: TensorData] {
    let buffers = program.buffers.filter { $0.role == .input }
    let results = run(buffers.map { inputs[$0.name]?.bytes ?? [] })
    let outputs = program.buffers.filter { $0.role == .output }
    return Dictionary(
      zip(outputs, results).map { ($0.name, TensorData($0.type, bytes: $1)) },
      uniquingKeysWith: { first, _ in first })
  }
}
