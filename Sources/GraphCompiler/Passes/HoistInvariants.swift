import LoopIR

/// What costs much and is the same for many elements is computed before them, by a kernel of its own:
///
///     y[n,c,i,j] = (x[n,c,i,j] - mean[c]) * (scale[c] / sqrt(variance[c] + 1e-05)) + bias[c]
///   →
///     invariant[c] = scale[c] / sqrt(variance[c] + 1e-05)
///     y[n,c,i,j] = (x[n,c,i,j] - mean[c]) * invariant[c] + bias[c]
///
/// Steps that need the same share it, until something that it is made of is written. Kernels that have loops already stay
/// as they are.
package func hoistInvariants(_ program: Program) -> Program {
  Hoisting.rewriting(program)
}

private struct Hoisting: StepRewriter {
  /// An expression, in which each tensor has the name of its buffer.
  private struct Known {
    var value: Scalar
    var axes: [Axis]
    var sources: Set<BufferID>
    var result: BufferID
  }

  var program: Program
  private var known: [Known] = []

  init(program: Program) { self.program = program }

  mutating func rewrite(_ step: Step) {
    var step = step
    var kernel = program.kernels[step.kernel]
    if kernel.body.isEmpty, kernel.equations.count == 1 {
      while let (value, axes) = kernel.equations[0].costliestInvariant {
        let buffer = buffer(of: value, axes, kernel, step)
        let name = kernel.equations[0].freshName("invariant")
        let tensor = Tensor(name, .f32, axes.map(\.extent))
        kernel.equations[0] = kernel.equations[0].rewritten(scalar: { part in
          part == value ? tensor[axes.map { .axis($0) }] : part
        })
        kernel.parameters.insert(.init(tensor, layout: .plain(rank: tensor.rank), role: .read), at: 0)
        step.arguments.insert(buffer, at: 0)
      }
      kernel.dropUnread(&step)
    }
    program.kernels[step.kernel] = kernel
    program.steps.append(step)
    let written = Set(zip(kernel.parameters, step.arguments).filter { $0.0.role != .read }.map(\.1))
    known.removeAll { !$0.sources.isDisjoint(with: written) }
  }

  /// Where the value stands; a step that computes it comes before, unless there was one.
  private mutating func buffer(of value: Scalar, _ axes: [Axis], _ kernel: Kernel, _ step: Step) -> BufferID {
    let tensors = Set(value.reads.map(\.tensor))
    let used = zip(kernel.parameters, step.arguments).filter { tensors.contains($0.0.tensor) }
    let names = Dictionary(uniqueKeysWithValues: used.map { ($0.0.tensor, "b\($0.1.index)") })
    let places = Dictionary(
      uniqueKeysWithValues: axes.enumerated().map { ($1, Index.axis(Axis("a\($0)", $1.extent))) })
    let canonical = value.substituting(places).rewritten(scalar: { part in
      guard case .read(var access) = part, let name = names[access.tensor] else { return part }
      access.tensor = Tensor(name, access.tensor.element, access.tensor.shape)
      return .read(access)
    })
    if let found = known.first(where: { $0.value == canonical && $0.axes.map(\.extent) == axes.map(\.extent) }) {
      return found.result
    }
    let result = Tensor("y".freshName { name in tensors.contains { $0.name == name } }, .f32, axes.map(\.extent))
    let invariant = AddedTensor(
      name: "\(step.provenance.value).invariant", layout: .plain(rank: result.rank), kernel: "invariant",
      equation: Equation(result, axes, value), operands: used.map { ($0.0, $0.1) })
    let added = program.add(invariant, for: step)
    program.steps.append(added.step)
    known.append(Known(value: canonical, axes: axes, sources: Set(used.map(\.1)), result: added.buffer))
    return added.buffer
  }
}

extension Kernel {
  /// Without the parameters that only the invariants needed.
  fileprivate mutating func dropUnread(_ step: inout Step) {
    let tensors = Set(equations.flatMap { $0.allReads.map(\.tensor) + [$0.result] })
    let kept = parameters.indices.filter { parameters[$0].role != .read || tensors.contains(parameters[$0].tensor) }
    step.arguments = kept.map { step.arguments[$0] }
    parameters = kept.map { parameters[$0] }
  }
}

extension Equation {
  /// Invariants of fewer evaluations are not worth a kernel.
  private static let leastEvaluations = 4096.0
  /// So many elements at least share an invariant.
  private static let leastSharing = 16.0

  /// The largest part of the value that costs much and depends on few of the result's axes alone.
  fileprivate var costliestInvariant: (value: Scalar, axes: [Axis])? {
    guard scatter == nil, isSinglePrecision else { return nil }
    // As a floating-point number: several long sums together may be beyond all integers.
    let evaluations = allAxes.reduce(1.0) { $0 * Double($1.extent) }
    if evaluations < Self.leastEvaluations { return nil }
    var search = InvariantSearch(equation: self, mostElements: evaluations / Self.leastSharing)
    _ = search.visit(value)
    return search.best.map { ($0.value, $0.axes) }
  }

  fileprivate func freshName(_ stem: String) -> String {
    let taken = Set(allReads.map(\.tensor.name) + [result.name])
    return stem.freshName(isTaken: taken.contains)
  }
}
