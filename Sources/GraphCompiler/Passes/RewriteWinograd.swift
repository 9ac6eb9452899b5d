import LoopIR

/// Convolutions with stride 1 and 3x3 windows on large enough images become ones by Winograd's algorithm, with a
/// quarter to a third of the multiplications. Their weights are transformed here.
///
/// Kernels that have loops already stay as they are.
package func rewriteWinograd(_ program: Program) -> Program {
  var program = program.withOwnKernels
  for place in program.steps.indices { rewrite(step: place, &program) }
  return program
}

extension WinogradConvolution {
  /// The algorithm that pays for the convolution; nil where a direct one is as fast. Tiles of 4x4 outputs save most;
  /// their weights are four times the original ones, which small images do not use often enough.
  static func chosen(for equation: Equation) -> WinogradConvolution? {
    guard equation.axes.count == 4 else { return nil }
    let side = min(equation.axes[2].extent, equation.axes[3].extent)
    if side < 13 { return nil }
    let convolution = WinogradConvolution(equation, outputs: side < 27 ? 3 : 4)
    return convolution?.transform.taps == 3 ? convolution : nil
  }
}

private func rewrite(step place: Int, _ program: inout Program) {
  var step = program.steps[place]
  var kernel = program.kernels[step.kernel]
  guard kernel.equations.count == 1, kernel.body.isEmpty,
    let convolution = WinogradConvolution.chosen(for: kernel.equations[0]),
    kernel.layout(of: convolution.equation.result).isChannelBlocked,
    kernel.layout(of: convolution.pixels.tensor).holds(convolution.margins),
    let weights = kernel.parameters.firstIndex(where: { $0.tensor == convolution.weights.tensor }),
    program[step.arguments[weights]].role == .parameter,
    program[step.arguments[weights]].type == program[step.arguments[weights]].sourceType,
    let product = contraction(convolution, tiles: convolution.tiles.perBlock), product.layouts.count == 1
  else { return }
  let (v, m) = convolution.scratch
  let scratchLayout = Layout.channelBlocked(rank: 3)
  kernel.name += "_winograd\(convolution.tiles.outputs)"
  kernel.parameters[weights] = .init(
    convolution.transformedWeights, layout: product.layouts[0].layout, role: .read)
  kernel.parameters += [v, m].map { .init($0, layout: scratchLayout, role: .write) }
  kernel.equations = [convolution.product(tiles: convolution.tiles.perBlock)]
  kernel.schedule = product.schedule
  do {
    kernel.body = kernel.clearedMargins
    kernel.body += try convolution.body({ product in
      let tiles = product.axes[2].extent
      return contraction(convolution, tiles: tiles)?.schedule ?? Schedule()
    })
  } catch {
    preconditionFailure("rewrite-winograd made a schedule that does not fit: \(error)")
  }
  step.arguments[weights] = program.transformWeights(step.arguments[weights], convolution, product.layouts[0].layout, place)
  for (tensor, suffix) in [(v, "tiles"), (m, "products")] {
    step.arguments.append(BufferID(program.buffers.count))
    program.buffers.append(
      Buffer(
        name: "\(step.provenance.value).\(suffix)", type: TensorType(.f32, tensor.shape), layout: scratchLayout,
        role: .arena))
  }
  program.kernels[step.kernel] = kernel
  program.steps[place] = step
}

private func contraction(_ convolution: WinogradConvolution, tiles: Int) -> Contraction? {
  let (v, m) = convolution.scratch
  return Contraction(
    convolution.product(tiles: tiles),
    layout: { [v, m].contains($0) ? .channelBlocked(rank: 3) : .plain(rank: $0.rank) },
    packable: { $0 == convolution.transformedWeights ? .once : .never })
}

extension Program {
  /// A buffer with the weights as the algorithm multiplies with them: in place of the old one, if no other step reads
  /// that.
  fileprivate mutating func transformWeights(
    _ id: BufferID, _ convolution: WinogradConvolution, _ layout: Layout, _ place: Int
  ) -> BufferID {
    let old = self[id]
    let isShared = steps.enumerated().contains { other, step in other != place && step.arguments.contains(id) }
    let new = Buffer(
      name: old.name, type: TensorType(.f32, convolution.transformedWeights.shape), layout: layout, role: .parameter,
      source: old.source, sourceType: old.sourceType, transform: convolution.transform)
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
  fileprivate func holds(_ margins: [Halo]) -> Bool {
    guard isChannelBlocked, !halos.isEmpty else {
      return isChannelBlocked && margins.allSatisfy { $0.before == 0 && $0.after == 0 }
    }
    return zip(halos, margins).allSatisfy { $0.before >= $1.before && $0.after >= $1.after }
  }
}
