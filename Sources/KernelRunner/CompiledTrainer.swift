import GraphCompiler
import LoopIR
import TensorFiles

/// Training by generated C, compiled and loaded into this process.
package final class CompiledTrainer: TrainingEngine {
  package let compilation: TrainingCompilation
  package let inputs: [(name: String, type: TensorType)]
  package let batchSize: Int
  package let scores: (name: String, type: TensorType)?
  private let bundle: TrainingBundle
  private let library: KernelLibrary
  private let trainStep: Function
  private let evaluation: Function
  private let state: AlignedMemory
  private let arena: AlignedMemory

  /// One function of the library.
  private struct Function {
    let entry: KernelLibrary.Entry
    let inputs: [(name: String, type: TensorType)]
    let outputs: [(name: String, type: TensorType)]

    init(
      _ name: String, _ compilation: TrainingCompilation, _ library: KernelLibrary
    ) throws(CCompiler.Failure) {
      guard let function = compilation.functions.first(where: { $0.name == name }) else {
        preconditionFailure("training has no function '\(name)'")
      }
      entry = try library.entry(name)
      func tensors(_ role: Buffer.Role) -> [(name: String, type: TensorType)] {
        function.program.buffers.filter { $0.role == role }.map { ($0.name, $0.type) }
      }
      (inputs, outputs) = (tensors(.input), tensors(.output))
    }
  }

  /// - Parameters:
  ///   - graph: with a train section, at the size of one batch.
  ///   - seed: selects the random numbers of dropout.
  package init(_ graph: Graph, seed: UInt64 = 0, optimization: String = "-O2") throws {
    compilation = try TrainingCompilation(TrainingPlan(graph, seed: seed))
    bundle = TrainingBundle(compilation, SourceBundle.Options(sourceName: "\(graph.name).graph"))
    library = try KernelLibrary(
      graph.name, bundle.files, entryPoints: bundle.entryPoints(HostProcessor.instructionSet),
      BuildOptions(optimization: optimization))
    trainStep = try Function("train_step", compilation, library)
    evaluation = try Function("evaluate", compilation, library)
    inputs = evaluation.inputs
    let batch = inputs.first?.type.shape.first ?? 1
    batchSize = batch
    scores = evaluation.outputs.first { $0.name != TrainingPlan.lossOutput && $0.type.rank == 2 && $0.type.shape[0] == batch }
    state = AlignedMemory(byteCount: bundle.stateByteCount)
    arena = AlignedMemory(byteCount: bundle.arenaByteCount)
    reset()
  }

  /// Back to the initial parameters, with nothing kept by the optimizer.
  private func reset() {
    state.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: bundle.stateByteCount)
    bundle.weights.copy(to: state.bytes)
  }

  package func step(_ inputs: [[UInt8]], rate: Double) -> (loss: Double, scores: [Float]) {
    let rateBytes = withUnsafeBytes(of: Float(rate)) { Array($0) }
    return call(trainStep, inputs, rate: rateBytes)
  }

  package func evaluate(_ inputs: [[UInt8]]) -> (loss: Double, scores: [Float]) {
    call(evaluation, inputs, rate: [])
  }

  private func call(_ function: Function, _ inputs: [[UInt8]], rate: [UInt8]) -> (loss: Double, scores: [Float]) {
    let inputMemory = function.inputs.map { input in
      let place = self.inputs.firstIndex { $0.name == input.name }
      return AlignedMemory(place.map { inputs[$0] } ?? rate)
    }
    let outputMemory = function.outputs.map { AlignedMemory(byteCount: $0.type.byteCount) }
    var pointers: [UnsafeMutableRawPointer?] = [state.pointer]
    pointers += (inputMemory + outputMemory).map(\.pointer)
    pointers.append(arena.pointer)
    // The C code knows addresses only.
    return withExtendedLifetime((self, inputMemory, outputMemory)) {
      function.entry(pointers)
      var (loss, found) = (Double.nan, [Float]())
      for (output, memory) in zip(function.outputs, outputMemory) {
        let data = TensorData(output.type, bytes: memory.bytes(output.type.byteCount))
        if output.name == TrainingPlan.lossOutput { loss = data.doubles[0] }
        if output.name == scores?.name { found = data.doubles.map(Float.init) }
      }
      return (loss, found)
    }
  }

  package var parameters: [(name: String, tensor: StoredTensor)] {
    bundle.parameterOffsets.prefix(compilation.plan.parameters.count).map { name, type, offset in
      let bytes = UnsafeRawBufferPointer(start: state.pointer + offset, count: type.byteCount)
      return (name, StoredTensor(shape: type.shape, element: type.element.stored, bytes: Array(bytes)))
    }
  }

  package var snapshot: [UInt8] { state.bytes(bundle.stateByteCount) }

  package func restore(_ snapshot: [UInt8]) throws {
    guard snapshot.count == bundle.stateByteCount, bundle.weights.isLike(snapshot) else {
      throw TensorFileError("<snapshot>", "the snapshot belongs to another network")
    }
    state.pointer.copyMemory(from: snapshot, byteCount: snapshot.count)
  }
}
