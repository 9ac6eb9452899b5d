import LoopIR

/// Checks programs between passes. What it finds is a bug of whoever made them. The contract:
///
/// - Buffers: names of inputs and outputs are distinct. A layout places every dimension of its type once. Parameters
///   and what is stored have a source, of as many elements as they have; nothing else has one.
/// - Steps: a step names a kernel of the program and gives it one buffer for each parameter, of the same element type,
///   with as many element places as the kernel's tensor and layout have. What a kernel writes is an output or in the
///   arena; an arena buffer is written before it is read, and only once.
/// - Kernels: each keeps the contract of the loop IR (`LoopVerifier`).
/// - Views: a view lies inside the arena buffer that it is a piece of.
/// - Plan, where there is one: offsets are multiples of 64, buffers lie inside the arena, and no two that are alive at
///   the same step share a byte.
package enum ProgramVerifier {
  /// Every violation of the contract, by the name of the buffer or kernel; none for a sound program.
  /// - Parameter sound: a program without violations. Kernels that stand at the same place in both are not checked again:
  ///   most passes change a few of many.
  package static func violations(_ program: Program, after sound: Program? = nil) -> [String] {
    let known = sound?.kernels ?? []
    let changed = program.kernels.enumerated().filter { place, kernel in
      place >= known.count || known[place] != kernel
    }
    return buffers(program) + views(program) + changed.flatMap { LoopVerifier.violations(of: $0.element) }
      + steps(program) + plan(program)
  }

  private static func buffers(_ program: Program) -> [String] {
    var violations: [String] = []
    for role in [Buffer.Role.input, .output] {
      let names = program.buffers.filter { $0.role == role }.map(\.name)
      if Set(names).count != names.count { violations.append("two buffers for \(role.rawValue) have one name") }
    }
    for buffer in program.buffers {
      if !buffer.layout.isSound(rank: buffer.type.rank) {
        violations.append("layout \(buffer.layout) does not fit '\(buffer.name)', \(buffer.type)")
      }
      let count = buffer.transform.map { $0.filterCount(of: buffer.sourceType.shape) } ?? buffer.sourceType.count
      if buffer.sourceType != buffer.type, buffer.source == nil || count != buffer.type.count {
        violations.append("'\(buffer.name)', \(buffer.type), has a source of \(buffer.sourceType)")
      }
      if case .data(let data) = buffer.source, data.type != buffer.sourceType {
        violations.append("'\(buffer.name)' has elements of \(data.type), not \(buffer.sourceType)")
      }
    }
    for buffer in program.buffers where (buffer.source == nil) == buffer.role.isStored {
      violations.append("'\(buffer.name)' is \(buffer.role.rawValue) and has \(buffer.source == nil ? "no" : "a") source")
    }
    return violations
  }

  private static func views(_ program: Program) -> [String] {
    program.views.sorted { $0.key < $1.key }.compactMap { piece, view in
      let isInside = view.byteOffset >= 0 && view.byteOffset + program[piece].byteCount <= program[view.of].byteCount
      let isAligned = view.byteOffset.isMultiple(of: SourceBundle.alignment)
      if isInside, isAligned, program[piece].role == .arena, program[view.of].role == .arena { return nil }
      return "'\(program[piece].name)' is no piece of '\(program[view.of].name)' at \(view.byteOffset)"
    }
  }

  private static func steps(_ program: Program) -> [String] {
    var violations: [String] = []
    var written: Set<BufferID> = []
    for step in program.steps {
      guard program.kernels.indices.contains(step.kernel) else {
        violations.append("the step of '\(step.provenance.value)' has no kernel")
        continue
      }
      let kernel = program.kernels[step.kernel]
      guard kernel.parameters.count == step.arguments.count else {
        violations.append("'\(kernel.name)' takes \(kernel.parameters.count) buffers, not \(step.arguments.count)")
        continue
      }
      for (parameter, id) in zip(kernel.parameters, step.arguments) {
        violations += check(parameter, program[id], of: kernel)
        if parameter.role == .read, program[id].role == .arena, !program.isWritten(id, written) {
          violations.append("'\(program[id].name)' is read by '\(kernel.name)' before it is written")
        }
      }
      for (parameter, id) in zip(kernel.parameters, step.arguments) where parameter.role != .read {
        if !written.insert(id).inserted { violations.append("'\(program[id].name)' is written twice") }
      }
    }
    return violations
  }

  private static func check(_ parameter: Kernel.Parameter, _ buffer: Buffer, of kernel: Kernel) -> [String] {
    var violations: [String] = []
    let place = "'\(buffer.name)' as '\(parameter.tensor.name)' of '\(kernel.name)'"
    if parameter.tensor.element != buffer.type.element {
      violations.append("\(place) is \(buffer.type.element.rawValue), not \(parameter.tensor.element.rawValue)")
    }
    if parameter.layout.elementCount(shape: parameter.tensor.shape) != buffer.layout.elementCount(shape: buffer.type.shape) {
      violations.append("\(place) differs in size: \(buffer.type) and \(parameter.tensor.shape)")
    }
    if parameter.role == .write, buffer.role == .input || buffer.role == .parameter {
      violations.append("\(place) is written, but belongs to the caller")
    }
    return violations
  }

  private static func plan(_ program: Program) -> [String] {
    let planned = program.arenaLifetimes.compactMap { buffer, lifetime in
      program.buffers[buffer].offset.map { (offset: $0, lifetime: lifetime) }
    }
    var violations: [String] = []
    for (place, (offset, lifetime)) in planned.enumerated() {
      if !offset.isMultiple(of: SourceBundle.alignment) || offset + lifetime.byteCount > program.arenaByteCount {
        violations.append("'\(lifetime.name)' at \(offset) lies outside of the arena or between its lines")
      }
      for (other, neighbor) in planned[(place + 1)...] where lifetime.meets(neighbor) {
        if offset < other + neighbor.byteCount, other < offset + lifetime.byteCount {
          violations.append("'\(lifetime.name)' and '\(neighbor.name)' share memory while both are alive")
        }
      }
    }
    return violations
  }
}

extension Program {
  /// True where the buffer, all its pieces, or something that it is a piece of has been written.
  fileprivate func isWritten(_ id: BufferID, _ written: Set<BufferID>) -> Bool {
    var whole: BufferID? = id
    while let current = whole {
      if written.contains(current) { return true }
      whole = views[current]?.of
    }
    let root = root(of: id)
    let range = root.byteOffset..<root.byteOffset + self[id].byteCount
    let pieces = written.filter { $0 != id }.compactMap { piece -> Range<Int>? in
      let other = self.root(of: piece)
      guard other.of == root.of else { return nil }
      return (other.byteOffset..<other.byteOffset + self[piece].byteCount).clamped(to: range)
    }
    return !pieces.isEmpty && pieces.reduce(0) { $0 + $1.count } >= range.count
  }
}
