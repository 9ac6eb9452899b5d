import LoopIR

/// Tensors that are lined up along their outermost axis are computed where they will stand:
///
///     arena c: f32[1, 32, 8, 8]                      concat reads a and b, writes c
///   →
///     view a of c at 0; view b of c at 4096          nothing is copied
///
/// Where an operand cannot stand there (the caller owns it, or it stands in another tensor already), it is copied. Of
/// concatenations that begin alike, the largest holds the others.
package func viewConcatenations(_ program: Program) -> Program {
  var viewing = ConcatenationViews(program: program.withOwnKernels)
  for place in program.steps.indices.reversed() { viewing.replace(step: place) }
  return viewing.result
}

private struct ConcatenationViews {
  private(set) var program: Program
  /// What stands in place of a step.
  private var replacements: [Int: [Step]] = [:]

  init(program: Program) { self.program = program }

  var result: Program {
    var program = program
    program.steps = program.steps.enumerated().flatMap { replacements[$0.offset] ?? [$0.element] }
    return program
  }

  mutating func replace(step place: Int) {
    let step = program.steps[place]
    let kernel = program.kernels[step.kernel]
    guard kernel.equations.count == 1, kernel.body.isEmpty, let whole = step.arguments.last,
      program[whole].role == .arena, let concatenation = kernel.equations[0].concatenation,
      kernel.parameters.last?.tensor == kernel.equations[0].result,
      program[whole].type.shape == kernel.equations[0].result.shape,
      kernel.equations[0].axes[..<concatenation.axis].allSatisfy({ $0.extent == 1 }),
      let offsets = byteOffsets(concatenation, program[whole].layout)
    else { return }
    var copies: [Step] = []
    var root = Program.View(of: whole, byteOffset: 0)
    if program.views[whole] == nil, let shared = commonRoot(concatenation, offsets, step, kernel) {
      // All parts stand in another tensor, one behind the other: this is a piece of it.
      program.views[whole] = shared
      replacements[place] = []
      return
    }
    for (part, offset) in zip(concatenation.parts, offsets) {
      guard let parameter = kernel.parameters.firstIndex(where: { $0.tensor == part.tensor }) else { return }
      root.byteOffset = offset
      let buffer = step.arguments[parameter]
      if canStand(buffer, in: whole, part.tensor) {
        program.views[buffer] = root
      } else {
        copies.append(copy(buffer, kernel.parameters[parameter], to: root, for: step))
      }
    }
    replacements[place] = copies
  }

  /// Bytes before each part; nil where a part does not begin at a whole cache line and block.
  private func byteOffsets(_ concatenation: Concatenation, _ layout: Layout) -> [Int]? {
    var offset = 0
    var offsets: [Int] = []
    for part in concatenation.parts {
      offsets.append(offset)
      let isWhole = part.tensor.shape[concatenation.axis].isMultiple(of: Layout.block)
      let isLast = part == concatenation.parts.last
      if layout.isChannelBlocked, concatenation.axis != 1 || !(isWhole || isLast) { return nil }
      offset += layout.elementCount(shape: part.tensor.shape) * part.tensor.element.byteCount
      if !isLast, !offset.isMultiple(of: SourceBundle.alignment) { return nil }
    }
    return offsets
  }

  private func commonRoot(
    _ concatenation: Concatenation, _ offsets: [Int], _ step: Step, _ kernel: Kernel
  ) -> Program.View? {
    var root: Program.View?
    for (part, offset) in zip(concatenation.parts, offsets) {
      guard let parameter = kernel.parameters.firstIndex(where: { $0.tensor == part.tensor }),
        let view = program.views[step.arguments[parameter]],
        program[step.arguments[parameter]].layout == program[step.arguments[step.arguments.count - 1]].layout
      else { return nil }
      let start = Program.View(of: view.of, byteOffset: view.byteOffset - offset)
      if root ?? start != start { return nil }
      root = start
    }
    return root
  }

  private func canStand(_ buffer: BufferID, in whole: BufferID, _ tensor: Tensor) -> Bool {
    program[buffer].role == .arena && program.views[buffer] == nil && program[buffer].type.shape == tensor.shape
      && program[buffer].layout == program[whole].layout && program.root(of: whole).of != buffer
  }

  private mutating func copy(
    _ buffer: BufferID, _ parameter: Kernel.Parameter, to view: Program.View, for step: Step
  ) -> Step {
    let copy = AddedTensor(
      "\(program[buffer].name).copy", copying: (parameter, buffer), by: "copy", shape: parameter.tensor.shape,
      layout: program[view.of].layout)
    let added = program.add(copy, for: step)
    program.views[added.buffer] = view
    return added.step
  }
}
