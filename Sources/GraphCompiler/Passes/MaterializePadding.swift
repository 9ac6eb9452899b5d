import LoopIR

/// Windows that reach beyond an edge read a copy of their input with a margin instead, so that inner loops
/// test nothing:
///
///     y[…] = sum(c,p,q) x[n, c, i + p - 1, j + q - 1 | 0] * w[…]
///   →
///     padded[n, c, i, j] = x[n, c, i - 1, j - 1 | 0]
///     y[…] = sum(c,p,q) padded[n, c, i + p, j + q] * w[…]
///
/// Kernels that want the same margin share the copy. Those that have loops already stay as they are, and so
/// do reads of tensors in blocks of channels, whose layouts have margins of their own.
package func materializePadding(_ program: Program) -> Program {
  PaddingRewriter.rewriting(program)
}

/// A copy of a buffer with a margin.
private struct PaddedCopy: Hashable {
  var source: BufferID
  var before: [Int]
  var after: [Int]
  var outside: Double
}

private struct PaddingRewriter: StepRewriter {
  var program: Program
  var copies: [PaddedCopy: BufferID] = [:]

  init(program: Program) { self.program = program }

  mutating func rewrite(_ step: Step) {
    var step = step
    var kernel = program.kernels[step.kernel]
    for access in kernel.equations.flatMap(\.windowReads) where kernel.body.isEmpty {
      guard let parameter = kernel.parameters.firstIndex(where: { $0.tensor == access.tensor }),
        kernel.parameters[parameter].layout.isPlain,
        let margin = margin(of: access, in: kernel, step.arguments[parameter])
      else { continue }
      let copy = copies[margin] ?? addCopy(margin, kernel.parameters[parameter], for: step)
      let padded = Tensor(access.tensor.name, access.tensor.element, program[copy].type.shape)
      kernel.equations = kernel.equations.map { $0.reading(padded, insteadOf: access.tensor, margin.before) }
      kernel.parameters[parameter] = .init(padded, layout: .plain(rank: padded.rank), role: .read)
      step.arguments[parameter] = copy
    }
    program.kernels[step.kernel] = kernel
    program.steps.append(step)
  }

  /// The margin that all reads of the tensor need; nil where reads differ, data decides, or it would be huge.
  private func margin(of access: Access, in kernel: Kernel, _ source: BufferID) -> PaddedCopy? {
    let reads = kernel.equations.flatMap(\.allReads).filter { $0.tensor == access.tensor }
    guard let outside = access.outside, reads.allSatisfy({ $0.outside == outside }) else { return nil }
    // Loops for each phase of a stride leave out what lies outside.
    if outside == 0, program[source].role.isStored, access.isStrided { return nil }
    let shape = access.tensor.shape
    var (before, after) = ([Int](repeating: 0, count: shape.count), [Int](repeating: 0, count: shape.count))
    for read in reads {
      for (place, index) in read.indices.enumerated() {
        guard let range = index.range else { return nil }
        before[place] = max(before[place], -range.lowerBound)
        after[place] = max(after[place], range.upperBound - shape[place] + 1)
      }
    }
    let padded = shape.indices.map { shape[$0] + before[$0] + after[$0] }
    guard TensorType(access.tensor.element, padded).isRepresentable else { return nil }
    if padded.reduce(1, *) > 8 * shape.reduce(1, *) + 4096 { return nil }
    return PaddedCopy(source: source, before: before, after: after, outside: outside)
  }

  private mutating func addCopy(_ margin: PaddedCopy, _ source: Kernel.Parameter, for step: Step) -> BufferID {
    let shape = source.tensor.shape
    let padded = shape.indices.map { shape[$0] + margin.before[$0] + margin.after[$0] }
    let copy = AddedTensor(
      "\(program[margin.source].name).padded", copying: (source, margin.source), by: "pad", shape: padded,
      layout: .plain(rank: padded.count), outside: margin.outside
    ) { zip($0, margin.before).map { $0 - $1 } }
    let added = program.add(copy, for: step)
    program.steps.append(added.step)
    copies[margin] = added.buffer
    return added.buffer
  }
}

extension Equation {
  /// Reads inside reductions that may lie outside of their tensor.
  fileprivate var windowReads: [Access] {
    var found: [Access] = []
    value.forEach { part in
      guard case .reduce(_, _, let body) = part else { return }
      for access in body.reads
      where access.outside != nil && !found.contains(where: { $0.tensor == access.tensor }) {
        found.append(access)
      }
    }
    return found
  }

  fileprivate func reading(_ padded: Tensor, insteadOf tensor: Tensor, _ before: [Int]) -> Equation {
    rewritten(scalar: { part in
      guard case .read(let access) = part, access.tensor == tensor else { return part }
      return padded[zip(access.indices, before).map { $0 + $1 }]
    })
  }
}
