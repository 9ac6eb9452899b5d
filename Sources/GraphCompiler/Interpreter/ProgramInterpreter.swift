import LoopIR

/// Runs a program in double precision, kernel by kernel, on buffers in their layouts: schedules, layouts and
/// the plan of the arena are tested by it without generating code.
package struct ProgramInterpreter {
  private let program: Program
  private var memories: [[Double]]

  /// Parameters get their values; everything else begins as not a number.
  package init(_ program: Program) {
    self.program = program
    memories = program.buffers.map { buffer in
      guard let elements = buffer.elements else {
        return [Double](repeating: .nan, count: buffer.layout.elementCount(shape: buffer.type.shape))
      }
      return buffer.layout.pack(TensorValues(shape: buffer.type.shape, values: elements.data.doubles))
    }
  }

  /// The outputs for the inputs, both by name.
  package mutating func run(_ tensors: [String: TensorValues]) -> [String: TensorValues] {
    for (place, buffer) in program.buffers.enumerated() where buffer.role == .input {
      guard let tensor = tensors[buffer.name] else { continue }
      memories[place] = buffer.layout.pack(tensor)
    }
    for step in program.steps { execute(step) }
    var outputs: [String: TensorValues] = [:]
    for (place, buffer) in program.buffers.enumerated() where buffer.role == .output {
      outputs[buffer.name] = buffer.layout.unpack(memories[place], shape: buffer.type.shape)
    }
    return outputs
  }

  private mutating func execute(_ step: Step) {
    let kernel = program.kernels[step.kernel]
    let arguments = zip(kernel.parameters, step.arguments)
    var buffers: [String: [Double]] = [:]
    for (parameter, buffer) in arguments {
      let (root, places) = places(of: buffer)
      buffers[parameter.tensor.name] = Array(memories[root][places])
    }
    LoopIR.execute(kernel, buffers: &buffers)
    for (parameter, buffer) in arguments where parameter.role != .read {
      overwriteNeighbors(of: buffer)
      let (root, places) = places(of: buffer)
      memories[root].replaceSubrange(places, with: buffers[parameter.tensor.name] ?? [])
    }
  }

  /// The memory in which a buffer lies, and where.
  private func places(of buffer: BufferID) -> (memory: Int, Range<Int>) {
    let view = program.root(of: buffer)
    let start = view.byteOffset / program[buffer].type.element.byteCount
    let count = program[buffer].layout.elementCount(shape: program[buffer].type.shape)
    return (view.of.index, start..<start + count)
  }

  /// Buffers of the arena that share memory with one that is written lose what they held.
  private mutating func overwriteNeighbors(of written: BufferID) {
    guard let range = program[written].arenaRange else { return }
    let own = program.root(of: written).of.index
    for (place, buffer) in program.buffers.enumerated() where place != own {
      guard let other = buffer.arenaRange, other.overlaps(range) else { continue }
      memories[place] = [Double](repeating: .nan, count: memories[place].count)
    }
  }
}

extension Buffer {
  /// The bytes of the arena that it takes; nil outside of the arena and before it is planned.
  fileprivate var arenaRange: Range<Int>? {
    guard role == .arena, let offset else { return nil }
    return offset..<offset + byteCount
  }
}
