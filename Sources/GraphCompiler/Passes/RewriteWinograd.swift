import LoopIR

/// Convolutions with stride 1 and 3x3 or 5x5 windows on large enough images become ones by Winograd's algorithm, with a
/// sixth (tiles of 4x4 outputs, 5x5 windows) to 4/9 (2x2, 3x3) of the multiplications; those with strips of 3, 5 or 7
/// taps with 5/14 (tiles of 4 outputs, 7 taps) to a half (4 outputs, 3 taps). Their weights are transformed when they
/// are written, or in every run where they change.
///
/// Kernels that have loops already stay as they are.
package func rewriteWinograd(_ program: Program) -> Program {
  var program = program.withOwnKernels
  var place = 0
  while place < program.steps.count {
    rewrite(step: &place, &program)
    place += 1
  }
  return program
}

extension WinogradConvolution {
  /// The algorithm that pays for the convolution; nil where a direct one is as fast. What was measured to be faster comes
  /// first. No algorithm has a larger error to be expected than the program allows.
  static func chosen(for equation: Equation, in program: Program) -> WinogradConvolution? {
    guard let window = possible(for: equation, outputs: 2)?.window else { return nil }
    let usual = window.isStrip ? stripSizes(window, for: equation) : usualSizes(taps: window.taps, for: equation)
    let measured = program.tuning.winograd(of: equation)
    if measured == 0 { return nil }
    let sizes = (measured.map { [$0] } ?? []) + usual
    return sizes.lazy.compactMap { possible(for: equation, outputs: $0) }.first { $0.isExact(in: program) }
  }

  /// Outputs of tiles, best first. Tiles of 4x4 save most; with 3x3 windows their weights are four times the original
  /// ones, which small images do not use often enough. With AVX2, 3x3 windows in tiles of 2x2 took 0.52 of the time of a
  /// direct convolution for 128 channels of 8x8 pixels, 0.83 for 512 of 7x7; in tiles of 3x3 0.47 for 64 of 7x7.
  private static func usualSizes(taps: Int, for equation: Equation) -> [Int] {
    let side = min(equation.axes[2].extent, equation.axes[3].extent)
    if taps == 5 { return side < 13 ? [] : [4, 3, 2] }
    if side < 7 { return [] }
    if side < 9 {
      let filters = equation.axes[1].extent.multipliedSaturating(by: [equation.value.onlySum?.axes.first?.extent ?? 1])
      return filters <= mostSmallFilters ? [3, 2] : [2]
    }
    return side < 27 ? [3, 2] : [4, 3, 2]
  }

  /// Filters whose transforms stay in the cache from one image to the next.
  private static let mostSmallFilters = 128 * 128

  /// Outputs of tiles of strips, best first: they gain from every tap.
  private static func stripSizes(_ window: WinogradWindow, for equation: Equation) -> [Int] {
    let length = equation.axes[window.columns.taps > 1 ? 3 : 2].extent
    return length < 7 ? [] : [4, 3, 2]
  }

  /// A convolution with 3x3 or 5x5 windows, or strips of 3, 5 or 7 taps, in tiles of so many outputs, whether that pays
  /// or not.
  static func possible(for equation: Equation, outputs: Int) -> WinogradConvolution? {
    guard let convolution = WinogradConvolution(equation, outputs: outputs) else { return nil }
    let taps = convolution.window.isStrip ? [3, 5, 7] : [3, 5]
    return taps.contains(convolution.window.taps) ? convolution : nil
  }

  /// True where the error to be expected is at most the largest one that the program allows.
  func isExact(in program: Program) -> Bool {
    window.expectedError <= program.largestWinogradError
  }
}

/// A step that can be computed by the algorithm.
private struct Candidate {
  var kernel: Kernel
  var convolution: WinogradConvolution
  /// Place of the weights among the kernel's parameters.
  var weights: Int
  /// The product of a block of tiles.
  var product: Contraction

  init?(_ step: Step, in program: Program) {
    kernel = program.kernels[step.kernel]
    guard kernel.equations.count == 1, kernel.body.isEmpty,
      let convolution = WinogradConvolution.chosen(for: kernel.equations[0], in: program),
      kernel.layout(of: convolution.equation.result).isChannelBlocked,
      kernel.layout(of: convolution.pixels.tensor).holds(convolution.margins),
      let weights = kernel.parameters.firstIndex(where: { $0.tensor == convolution.weights.tensor }),
      program.canTransformWeights(step.arguments[weights], convolution),
      let product = contraction(convolution, tiles: convolution.tiles.perBlock, program.registers, program.tuning),
      product.layouts.count == 1
    else { return nil }
    (self.convolution, self.weights, self.product) = (convolution, weights, product)
  }
}

/// - Parameter place: of the step; moves on where another step is put before it.
private func rewrite(step place: inout Int, _ program: inout Program) {
  var step = program.steps[place]
  guard let candidate = Candidate(step, in: program) else { return }
  let (convolution, weights, product) = (candidate.convolution, candidate.weights, candidate.product)
  var kernel = candidate.kernel
  let arguments = step.arguments
  if program[arguments[weights]].role == .parameter {
    step.arguments[weights] = program.transformWeights(
      arguments[weights], convolution, product.layouts[0].layout, place)
  } else {
    step.arguments[weights] = program.insertWeightTransform(
      arguments[weights], convolution, product.layouts[0].layout, before: step, at: place)
    place += 1
  }
  kernel.parameters[weights] = .init(
    convolution.transformedWeights, layout: product.layouts[0].layout, role: .read)
  step.provenance.statements.append(convolution.window.note)
  kernel.name += "_winograd\(convolution.window.outputs)"
  kernel.equations = [convolution.product(tiles: convolution.tiles.perBlock)]
  kernel.schedule = product.schedule
  let (v, m) = convolution.scratch
  let layouts = convolution.scratchLayouts
  step.arguments.append(program.appendBuffer("\(step.provenance.value).tiles", v, layouts.v))
  step.arguments.append(program.appendBuffer("\(step.provenance.value).products", m, layouts.m))
  let isOneBlock = convolution.isOneBlock
  kernel.parameters.append(.init(v, layout: layouts.v, role: isOneBlock ? .read : .scratch))
  kernel.parameters.append(.init(m, layout: layouts.m, role: .scratch))
  let (registers, tuning) = (program.registers, program.tuning)
  let schedule: (Equation) -> Schedule = { product in
    contraction(convolution, tiles: product.axes[2].extent, registers, tuning)?.schedule ?? Schedule()
  }
  do {
    if isOneBlock {
      let stages = try convolution.stages(schedule)
      kernel.body = kernel.clearedMargins + stages.products
      program.insertTransform(of: convolution, stages.pixels, kernel, before: step, at: place)
      place += 1
      step.drop(convolution.pixels.tensor, from: &kernel)
    } else {
      kernel.body = kernel.clearedMargins + (try convolution.body(schedule))
    }
  } catch {
    preconditionFailure("rewrite-winograd made a schedule that does not fit: \(error)")
  }
  program.kernels[step.kernel] = kernel
  program.steps[place] = step
}

/// What was measured for the product of a whole block of tiles goes for the smaller one at the end too.
private func contraction(
  _ convolution: WinogradConvolution, tiles: Int, _ registers: VectorRegisters, _ tuning: Tuning
) -> Contraction? {
  let ((v, m), layouts) = (convolution.scratch, convolution.scratchLayouts)
  let choice = tuning.schedule(of: convolution.product(tiles: convolution.tiles.perBlock), on: registers)
  return Contraction(
    convolution.product(tiles: tiles),
    layout: { $0 == v ? layouts.v : $0 == m ? layouts.m : .plain(rank: $0.rank) },
    registers: registers, choice: choice, packable: { $0 == convolution.transformedWeights ? .once : .never })
}

extension Step {
  /// Without the pixels, where the kernel reads their transforms only.
  fileprivate mutating func drop(_ pixels: Tensor, from kernel: inout Kernel) {
    guard !kernel.body.contains(where: { $0.reads(pixels) }),
      let place = kernel.parameters.firstIndex(where: { $0.tensor == pixels })
    else { return }
    kernel.parameters.remove(at: place)
    arguments.remove(at: place)
  }
}

extension Program {
  /// A place in the arena for what the algorithm works with.
  fileprivate mutating func appendBuffer(_ name: String, _ tensor: Tensor, _ layout: Layout) -> BufferID {
    buffers.append(Buffer(name: name, type: TensorType(.f32, tensor.shape), layout: layout, role: .arena))
    return BufferID(buffers.count - 1)
  }

  /// A step that transforms all pixels, which the products read.
  fileprivate mutating func insertTransform(
    of convolution: WinogradConvolution, _ body: [Statement], _ products: Kernel, before step: Step, at place: Int
  ) {
    let v = convolution.scratch.v
    let pixels = products.parameters.first { $0.tensor == convolution.pixels.tensor }
    let pairs = zip(products.parameters, step.arguments)
    let arguments = pairs.filter { [convolution.pixels.tensor, v].contains($0.0.tensor) }.map(\.1)
    kernels.append(
      Kernel(
        name: "winograd\(convolution.window.outputs)_tiles",
        parameters: [pixels, .init(v, layout: convolution.scratchLayouts.v, role: .write)].compactMap(\.self),
        equations: [], schedule: Schedule(), body: body))
    let value = "\(step.provenance.value).tiles"
    steps.insert(
      Step(
        kernel: kernels.count - 1, arguments: arguments,
        provenance: Provenance(
          value: value, operators: [], statements: ["\(value): tiles of the input, transformed"], location: "",
          operationCount: 0)), at: place)
  }

  /// Weights are transformed when they are written, or in every run where they change.
  fileprivate func canTransformWeights(_ id: BufferID, _ convolution: WinogradConvolution) -> Bool {
    switch self[id].role {
    case .parameter: self[id].type == self[id].sourceType && !convolution.isBackward
    case .variable: self[id].layout.isPlain && self[id].type.shape == convolution.weights.tensor.shape
    default: false
    }
  }

  /// A step that transforms the weights of this run; returns where they are.
  fileprivate mutating func insertWeightTransform(
    _ id: BufferID, _ convolution: WinogradConvolution, _ layout: Layout, before step: Step, at place: Int
  ) -> BufferID {
    let (weights, transformed) = (convolution.weights.tensor, convolution.transformedWeights)
    let name = "\(self[id].name).transformed"
    buffers.append(
      Buffer(name: name, type: TensorType(.f32, transformed.shape), layout: layout, role: .arena))
    let result = BufferID(buffers.count - 1)
    // The kernel knows both under names of their own.
    let target = Tensor("u", .f32, transformed.shape)
    let body = convolution.transformingWeights.map { statement in
      statement.mappingTargets { Access(target, $0.indices) }
    }
    kernels.append(
      Kernel(
        name: "winograd\(convolution.window.outputs)_weights",
        parameters: [
          .init(weights, layout: .plain(rank: weights.rank), role: .read), .init(target, layout: layout, role: .write),
        ], equations: [], schedule: Schedule(), body: body))
    steps.insert(
      Step(
        kernel: kernels.count - 1, arguments: [id, result],
        provenance: Provenance(
          value: name, operators: [], statements: ["\(name): filters, transformed"], location: "", operationCount: 0)),
      at: place)
    return result
  }

  /// A buffer with the weights as the algorithm multiplies with them: in place of the old one, if no other step reads
  /// that.
  fileprivate mutating func transformWeights(
    _ id: BufferID, _ convolution: WinogradConvolution, _ layout: Layout, _ place: Int
  ) -> BufferID {
    let old = self[id]
    let isShared = steps.enumerated().contains { other, step in other != place && step.arguments.contains(id) }
    let new = Buffer(
      name: old.name, type: TensorType(.f32, convolution.transformedWeights.shape), layout: layout, role: .parameter,
      source: old.source, sourceType: old.sourceType, transform: convolution.window)
    if isShared {
      buffers.append(new)
      return BufferID(buffers.count - 1)
    }
    self[id] = new
    return id
  }
}

extension Layout {
  /// True where the margins are at least so wide.
  func holds(_ margins: [Halo]) -> Bool {
    guard isChannelBlocked, !halos.isEmpty else {
      return isChannelBlocked && margins.allSatisfy { $0.before == 0 && $0.after == 0 }
    }
    return zip(halos, margins).allSatisfy { $0.before >= $1.before && $0.after >= $1.after }
  }
}
