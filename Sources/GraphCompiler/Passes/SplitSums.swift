import LoopIR

/// Long sums over images, as in gradients by weights, get a tensor of their own in which tiles can carry them on, laid
/// out as tiles write it:
///
///     w[o,c,p,q] = w[o,c,p,q] * 0.9 + sum(n,i,j) dy[n,o,i,j] * x[n,c,i+p,j+q]
///   →
///     sum[o,c,p,q] = sum(n,i,j) dy[n,o,i,j] * x[n,c,i+p,j+q]
///     w[o,c,p,q] = w[o,c,p,q] * 0.9 + sum[o,c,p,q]
package func splitSums(_ program: Program) -> Program {
  SumSplitting.rewriting(program)
}

private struct SumSplitting: StepRewriter {
  var program: Program

  init(program: Program) { self.program = program }

  mutating func rewrite(_ step: Step) {
    guard let (sum, layout) = carriedSum(step) else {
      program.steps.append(step)
      return
    }
    let equation = program.kernels[step.kernel].equations[0]
    let total = Tensor("sum", equation.result.element, equation.result.shape)
    let id = BufferID(program.buffers.count)
    let name = program.freshName("\(program[step.arguments[step.arguments.count - 1]].name).sum")
    program.buffers.append(
      Buffer(name: name, type: TensorType(total.element, total.shape), layout: layout, role: .arena))
    addStep(step, Equation(total, equation.axes, sum), id)
    addRest(step, equation.rewritten(scalar: { $0 == sum ? total[equation.axes] : $0 }), total, id)
  }

  /// The sum of a kernel that tiles could carry, and the layout in which tiles write it.
  private func carriedSum(_ step: Step) -> (sum: Scalar, layout: Layout)? {
    let kernel = program.kernels[step.kernel]
    guard kernel.body.isEmpty, kernel.equations.count == 1, let result = kernel.parameters.last,
      result.tensor == kernel.equations[0].result, result.layout.isPlain
    else { return nil }
    let equation = kernel.equations[0]
    let contraction = Contraction(
      equation.readingMargins { kernel.layout(of: $0) }, layout: { kernel.layout(of: $0) },
      packable: { isKnown($0, step) ? .once : RuntimePacking.pays(for: $0, in: equation) ? .everyRun : .never })
    guard let contraction, contraction.isCarried, let (axes, body) = equation.value.onlySum,
      let lanes = equation.axes.firstIndex(of: contraction.lanes)
    else { return nil }
    let (sum, rank) = (Scalar.reduce(.sum, axes, body), equation.result.rank)
    if contraction.walksRows {
      // A tile's rows lie together: in the result, whose rows may be 4096 bytes apart, they would meet in one place of
      // the first cache.
      return (sum, .blocksOutermost(rank: rank, dimension: lanes, by: Layout.block))
    }
    if !body.reads.allSatisfy({ isComputed($0.tensor, step) }) { return nil }
    return (sum, .blocked(rank: rank, dimension: lanes, by: Layout.block))
  }

  private func isKnown(_ tensor: Tensor, _ step: Step) -> Bool {
    zip(program.kernels[step.kernel].parameters, step.arguments).contains { parameter, buffer in
      parameter.tensor == tensor && program[buffer].role == .parameter
    }
  }

  private func isComputed(_ tensor: Tensor, _ step: Step) -> Bool {
    zip(program.kernels[step.kernel].parameters, step.arguments).contains { parameter, buffer in
      parameter.tensor == tensor && !program[buffer].role.isStored
    }
  }

  /// The step that computes the sum.
  private mutating func addStep(_ step: Step, _ equation: Equation, _ id: BufferID) {
    var (step, kernel) = (step, program.kernels[step.kernel])
    let kept = kernel.parameters.indices.filter { place in
      equation.allReads.contains { $0.tensor == kernel.parameters[place].tensor }
    }
    kernel.parameters = kept.map { kernel.parameters[$0] }
    kernel.parameters.append(.init(equation.result, layout: program[id].layout, role: .write))
    kernel.equations = [equation]
    step.kernel = program.kernels.count
    step.arguments = kept.map { step.arguments[$0] } + [id]
    step.provenance.value = program[id].name
    program.kernels.append(kernel)
    program.steps.append(step)
  }

  /// The step that reads the sum instead of computing it.
  private mutating func addRest(_ step: Step, _ equation: Equation, _ sum: Tensor, _ id: BufferID) {
    var (step, kernel) = (step, program.kernels[step.kernel])
    let kept = kernel.parameters.indices.filter { place in
      let tensor = kernel.parameters[place].tensor
      return tensor == equation.result || equation.allReads.contains { $0.tensor == tensor }
    }
    kernel.parameters =
      [.init(sum, layout: program[id].layout, role: .read)] + kept.map { kernel.parameters[$0] }
    kernel.equations = [equation]
    program.kernels[step.kernel] = kernel
    step.arguments = [id] + kept.map { step.arguments[$0] }
    step.provenance.operationCount = 0
    program.steps.append(step)
  }
}
