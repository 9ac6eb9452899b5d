import LoopIR

/// Gives every intermediate buffer its place in the arena and every parameter its place in the parameter
/// block.
package func planArena(_ program: Program) -> Program {
  var program = program
  var next = SourceBundle.headerByteCount
  for place in program.buffers.indices where program.buffers[place].role == .parameter {
    program.buffers[place].offset = next
    next += program.buffers[place].byteCount.roundedUp(to: SourceBundle.alignment)
  }
  let lifetimes = program.arenaLifetimes
  let plan = MemoryPlanner.plan(lifetimes.map(\.lifetime))
  for (place, entry) in lifetimes.enumerated() { program.buffers[entry.buffer].offset = plan.offsets[place] }
  for place in program.buffers.indices where program.views[BufferID(place)] != nil {
    let root = program.root(of: BufferID(place))
    program.buffers[place].offset = program[root.of].offset.map { $0 + root.byteOffset }
  }
  program.arenaByteCount = plan.peak
  program.arenaLowerBound = plan.lowerBound
  return program
}

extension Program {
  /// First and last step of every buffer in the arena that is no view. A step's results and operands are alive
  /// at once; a view keeps the buffer alive in which it lies.
  package var arenaLifetimes: [(buffer: Int, lifetime: BufferLifetime)] {
    var first: [Int: Int] = [:]
    var last: [Int: Int] = [:]
    for (time, step) in steps.enumerated() {
      for id in step.arguments {
        let root = root(of: id).of.index
        first[root] = first[root] ?? time
        last[root] = time
      }
    }
    return buffers.enumerated().compactMap { place, buffer in
      guard buffer.role == .arena, views[BufferID(place)] == nil, let start = first[place],
        let end = last[place]
      else { return nil }
      let bytes = buffer.byteCount.roundedUp(to: SourceBundle.alignment)
      return (
        place,
        BufferLifetime(
          name: buffer.name, byteCount: bytes, first: start, last: end, alignment: SourceBundle.alignment)
      )
    }
  }
}

extension Int {
  /// The smallest multiple that is not below.
  package func roundedUp(to multiple: Int) -> Int {
    (self + multiple - 1) / multiple * multiple
  }
}
