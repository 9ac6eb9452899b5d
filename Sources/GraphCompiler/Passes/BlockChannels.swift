import LoopIR

/// Lays intermediate tensors out in blocks of 16 channels, so that one vector is one pixel's channels:
///
///     arena a: f32[1, 64, 56, 56]
///   →
///     arena a: f32[1, 64, 56, 56] layout [0 1/16 2 3 1%16] halo [0+0 0+0 1+1 1+1]
///
/// Kernels whose lanes can walk the channels write and read such tensors as they are; the others read a plain
/// copy. Windows that reach beyond an edge find zeros in a margin of the tensor itself.
///
/// Layout and margin are those of the measurements behind the convolution kernels (nChw16c); the same blocks
/// are known from oneDNN (Georganas et al., "Anatomy of high-performance deep learning convolutions", 2018).
package func blockChannels(_ program: Program) -> Program {
  var program = program.withOwnKernels
  for place in program.kernels.indices where program.kernels[place].body.isEmpty {
    program.kernels[place].equations = program.kernels[place].equations.map(\.withoutShiftsByNothing)
  }
  var blocking = ChannelBlocking(program: program)
  blocking.choose()
  blocking.findMargins()
  blocking.shareMargins()
  for step in program.steps { blocking.rewrite(step) }
  return blocking.program
}

private struct ChannelBlocking {
  var program: Program
  private let steps: [Step]
  /// Buffers in blocks, with their margins.
  private var halos: [BufferID: [Layout.Halo]] = [:]
  /// Buffers that hold nothing below 0.
  private var nonnegative: Set<BufferID> = []
  private var plainCopies: [BufferID: BufferID] = [:]

  init(program: Program) {
    self.program = program
    steps = program.steps
    self.program.steps = []
  }

  // MARK: which buffers

  /// Blocks start at contractions and go on through whatever walks the channels of blocks. A buffer that
  /// nobody would read in blocks stays plain.
  mutating func choose() {
    for step in steps {
      guard let (equation, result) = only(step), isCandidate(result, equation.result) else { continue }
      let blocked = blockedTensors(step)
      let zeros = equation.result.shape.map { _ in Layout.Halo(before: 0, after: 0) }
      if joinsBlocks(equation, blocked) {
        halos[result] = zeros
        continue
      }
      let walks = blocked.contains { tensor in equation.walksChannels(of: tensor) && equation.lanesRead(tensor) }
      if walks || startsBlocks(equation, step), blocked.allSatisfy(equation.walksChannels(of:)),
        !equation.summarizesChannels {
        halos[result] = zeros
      }
    }
    while true {
      let wanted = Set(steps.flatMap { step in accepted(step).map(\.buffer) })
      let unwanted = halos.keys.filter { !wanted.contains($0) }
      if unwanted.isEmpty { break }
      for buffer in unwanted { halos[buffer] = nil }
    }
  }

  /// The parts of a concatenation of blocks, which may stand in the memory of the whole.
  private func concatenatedBlocks(_ step: Step) -> [Tensor] {
    guard let (equation, result) = only(step), halos[result] != nil else { return [] }
    return equation.concatenation?.parts.map(\.tensor) ?? []
  }

  /// True for a concatenation of channels of one image in which every part begins at a block, one of them in blocks.
  private func joinsBlocks(_ equation: Equation, _ blocked: [Tensor]) -> Bool {
    guard let concatenation = equation.concatenation, concatenation.axis == 1, equation.axes[0].extent == 1 else {
      return false
    }
    return concatenation.parts.allSatisfy { $0.start.isMultiple(of: Layout.block) }
      && concatenation.parts.contains { blocked.contains($0.tensor) }
  }

  /// The equation of a kernel that has one, and the buffer that it writes.
  private func only(_ step: Step) -> (Equation, BufferID)? {
    let kernel = program.kernels[step.kernel]
    guard kernel.equations.count == 1, kernel.body.isEmpty, kernel.equations[0].scatter == nil,
      kernel.equations[0].isSinglePrecision, let result = step.arguments.last,
      kernel.parameters.last?.tensor == kernel.equations[0].result
    else { return nil }
    return (kernel.equations[0], result)
  }

  private func isCandidate(_ buffer: BufferID, _ tensor: Tensor) -> Bool {
    program[buffer].role == .arena && program[buffer].type.shape == tensor.shape && (3...5).contains(tensor.rank)
      && tensor.shape[1] >= Layout.block && tensor.shape[2...].contains { $0 > 1 }
  }

  /// True for a sum of products whose lanes can be the channels of its result.
  private func startsBlocks(_ equation: Equation, _ step: Step) -> Bool {
    let tensors = zip(program.kernels[step.kernel].parameters, step.arguments)
    let contraction = Contraction(equation, lanes: equation.axes[1]) { tensor in
      guard let buffer = tensors.first(where: { $0.0.tensor == tensor })?.1 else { return .never }
      switch program[buffer].role {
      case .parameter: return .once
      case .variable: return RuntimePacking.pays(for: tensor, in: equation) ? .everyRun : .never
      default: return .never
      }
    }
    return contraction != nil
  }

  private func blockedTensors(_ step: Step) -> [Tensor] {
    zip(program.kernels[step.kernel].parameters, step.arguments).filter { parameter, buffer in
      parameter.role == .read && halos[buffer] != nil && program[buffer].type.shape == parameter.tensor.shape
    }.map(\.0.tensor)
  }

  /// The operands that a step reads in blocks.
  private func accepted(_ step: Step) -> [(tensor: Tensor, buffer: BufferID)] {
    guard let (equation, _) = only(step) else { return [] }
    let joined = concatenatedBlocks(step)
    return zip(program.kernels[step.kernel].parameters, step.arguments).filter { parameter, buffer in
      parameter.role == .read && halos[buffer] != nil && program[buffer].type.shape == parameter.tensor.shape
        && (equation.walksChannels(of: parameter.tensor) || equation.pairsChannels(of: parameter.tensor)
          || joined.contains(parameter.tensor))
    }.map { ($0.tensor, $1) }
  }

  // MARK: margins

  mutating func findMargins() {
    for step in steps {
      guard let (equation, result) = only(step) else { continue }
      if equation.isNonnegative(where: { tensor in holdsNothingBelowZero(tensor, step) }) { nonnegative.insert(result) }
      // Parts that are lined up are read inside alone.
      if equation.concatenation != nil { continue }
      for (tensor, buffer) in accepted(step) {
        widen(buffer, for: tensor, in: equation)
        for margins in tileMargins(of: tensor, in: equation, result) { widen(buffer, tensor, margins) }
      }
    }
  }

  /// Tiles may reach farther than windows.
  private func tileMargins(of tensor: Tensor, in equation: Equation, _ result: BufferID) -> [[Layout.Halo]] {
    var margins: [(tensor: Tensor, [Layout.Halo])] = []
    if let gradient = WinogradWeightGradient.chosen(for: equation, in: program) {
      margins += [
        (gradient.outputs.tensor, gradient.margins.outputs), (gradient.pixels.tensor, gradient.margins.pixels),
      ]
    }
    if halos[result] != nil, let tiled = WinogradConvolution.chosen(for: equation, in: program) {
      margins.append((tiled.pixels.tensor, tiled.margins))
    }
    return margins.filter { $0.tensor == tensor }.map(\.1)
  }

  /// What stands in one memory has one margin.
  mutating func shareMargins() {
    var isStable = false
    while !isStable {
      isStable = true
      for step in steps where !concatenatedBlocks(step).isEmpty {
        let buffers = accepted(step).map(\.buffer) + step.arguments.suffix(1)
        let widest = buffers.compactMap { halos[$0] }.reduce { $0.union($1) }
        for buffer in buffers where halos[buffer] != widest {
          halos[buffer] = widest
          isStable = false
        }
      }
    }
  }

  private func holdsNothingBelowZero(_ tensor: Tensor, _ step: Step) -> Bool {
    zip(program.kernels[step.kernel].parameters, step.arguments).contains { parameter, buffer in
      parameter.tensor == tensor && nonnegative.contains(buffer)
    }
  }

  private mutating func widen(_ buffer: BufferID, for tensor: Tensor, in equation: Equation) {
    for access in equation.allReads where access.tensor == tensor && hasZerosOutside(access, buffer) {
      if let margins = access.margin { widen(buffer, tensor, margins) }
    }
  }

  private mutating func widen(_ buffer: BufferID, _ tensor: Tensor, _ margins: [Layout.Halo]) {
    guard let widest = halos[buffer]?.union(margins) else { return }
    let layout = Layout.channelBlocked(rank: tensor.rank, halos: widest)
    let isSmall = layout.elementCount(shape: tensor.shape) <= 4 * tensor.shape.reduce(1, *) + 4096
    if isSmall { halos[buffer] = widest }
  }

  /// Outside is 0, or beyond the least where a maximum finds 0 or more inside.
  private func hasZerosOutside(_ access: Access, _ buffer: BufferID) -> Bool {
    access.outside == 0 || canReadZeros(access, buffer)
  }

  private func canReadZeros(_ access: Access, _ buffer: BufferID) -> Bool {
    access.outside == -.infinity && nonnegative.contains(buffer)
      && zip(access.indices, access.tensor.shape).allSatisfy { $0.everyWindowReaches($1) }
  }

  private func layout(_ buffer: BufferID, rank: Int) -> Layout {
    halos[buffer].map { .channelBlocked(rank: rank, halos: $0) } ?? program[buffer].layout
  }

  // MARK: steps

  mutating func rewrite(_ old: Step) {
    var step = old
    var kernel = program.kernels[step.kernel]
    let accepted = self.accepted(old)
    for (place, buffer) in old.arguments.enumerated() where halos[buffer] != nil {
      let tensor = kernel.parameters[place].tensor
      if kernel.parameters[place].role == .write || accepted.contains(where: { $0.tensor == tensor }) {
        kernel.parameters[place].layout = layout(buffer, rank: tensor.rank)
        kernel.equations = kernel.equations.map { readingZeros($0, tensor, buffer) }
      } else {
        step.arguments[place] = plainCopies[buffer] ?? addPlainCopy(of: buffer, for: old)
      }
    }
    if let result = old.arguments.last, let halo = halos[result] {
      program[result].layout = .channelBlocked(rank: program[result].type.rank, halos: halo)
    }
    program.kernels[step.kernel] = kernel
    program.steps.append(step)
  }

  /// A maximum over values that are not negative may find zeros beyond the edge.
  private func readingZeros(_ equation: Equation, _ tensor: Tensor, _ buffer: BufferID) -> Equation {
    equation.rewritten(scalar: { part in
      guard case .read(var access) = part, access.tensor == tensor, canReadZeros(access, buffer) else { return part }
      access.outside = 0
      return .read(access)
    })
  }

  private mutating func addPlainCopy(of buffer: BufferID, for step: Step) -> BufferID {
    let (name, type) = (program[buffer].name, program[buffer].type)
    let blocks = Kernel.Parameter(
      Tensor(name, type.element, type.shape), layout: layout(buffer, rank: type.rank), role: .read)
    let copy = AddedTensor(
      "\(name).plain", copying: (blocks, buffer), by: "unblock", shape: type.shape, layout: .plain(rank: type.rank))
    let added = program.add(copy, for: step)
    program.steps.append(added.step)
    plainCopies[buffer] = added.buffer
    return added.buffer
  }
}
