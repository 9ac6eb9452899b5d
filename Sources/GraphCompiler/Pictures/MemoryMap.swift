import LoopIR

/// Which buffer lies where in the arena, and when: what the picture of the memory shows.
struct MemoryMap: Sendable {
  struct Block: Hashable, Sendable {
    var name: String
    var type: TensorType
    var byteCount: Int
    var offset: Int
    /// First and last step at which it is alive.
    var first: Int
    var last: Int
    /// The work that fills it.
    var workClass: WorkClass
  }

  struct Step: Hashable, Sendable {
    var label: String
    var kernel: String
    var liveByteCount: Int
  }

  /// Buffers with a place in the arena, in the order of the program.
  private(set) var blocks: [Block] = []
  private(set) var steps: [Step] = []
  let arenaByteCount: Int
  let lowerBound: Int
  /// Memory of the caller: inputs and outputs.
  let callerByteCount: Int
  let parameterByteCount: Int

  init(_ program: Program) {
    arenaByteCount = program.arenaByteCount
    lowerBound = program.arenaLowerBound
    func total(_ roles: Set<Buffer.Role>) -> Int {
      program.buffers.filter { roles.contains($0.role) }.reduce(0) { $0.addedSaturating($1.byteCount) }
    }
    callerByteCount = total([.input, .output])
    parameterByteCount = total([.parameter])

    let classes = program.kernels.map { WorkClass($0.equations) }
    var lives: [BufferID: (first: Int, last: Int)] = [:]
    for (time, step) in program.steps.enumerated() {
      for buffer in step.arguments.map({ program.root(of: $0).of }) {
        lives[buffer] = (lives[buffer]?.first ?? time, time)
      }
    }
    for (place, buffer) in program.buffers.enumerated()
    where buffer.role == .arena && program.views[BufferID(place)] == nil {
      guard let offset = buffer.offset, let life = lives[BufferID(place)] else { continue }
      blocks.append(
        Block(
          name: buffer.name, type: buffer.type, byteCount: buffer.byteCount, offset: offset,
          first: life.first,
          last: life.last, workClass: classes[program.steps[life.first].kernel]))
    }
    for (time, step) in program.steps.enumerated() {
      let live = blocks.filter { $0.first <= time && time <= $0.last }.reduce(0) { $0 + $1.byteCount }
      let kernel = program.kernels[step.kernel].name
      steps.append(Step(label: step.provenance.value, kernel: kernel, liveByteCount: live))
    }
  }
}
