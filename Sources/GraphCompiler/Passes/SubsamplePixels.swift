import LoopIR

/// Pointwise convolutions with strides read a copy of the pixels that they need, side by side:
///
///     y[n,o,i,j] = sum(c) x[n, c, 2 i, 2 j] * w[o,c]
///   →
///     sampled[n,c,i,j] = x[n, c, 2 i, 2 j]
///     y[n,o,i,j] = sum(c) sampled[n,c,i,j] * w[o,c]
///
/// Every tile of lanes reads all these pixels. Where they lie apart, each second line of the caches stays empty, and
/// rows cannot be walked as one. Kernels that read the same pixels share the copy; those that have loops already, and
/// those with few lanes, stay as they are.
package func subsamplePixels(_ program: Program) -> Program {
  SubsamplingRewriter.rewriting(program)
}

/// Fewer lanes do not read the pixels often enough.
private let leastLanes = 64

/// Each n-th place of the dimensions of a buffer.
private struct SampledCopy: Hashable {
  var source: BufferID
  var strides: [Int]
  var shape: [Int]
}

private struct SubsamplingRewriter: StepRewriter {
  var program: Program
  var copies: [SampledCopy: BufferID] = [:]

  init(program: Program) { self.program = program }

  mutating func rewrite(_ step: Step) {
    var step = step
    defer { program.steps.append(step) }
    var kernel = program.kernels[step.kernel]
    guard kernel.body.isEmpty, kernel.equations.count == 1, let access = kernel.equations[0].stridedPixels,
      let place = kernel.parameters.firstIndex(where: { $0.tensor == access.tensor }),
      kernel.parameters[place].layout.isPlain || kernel.parameters[place].layout.isChannelBlocked
    else { return }
    let walks = access.indices.compactMap(StridedWalk.init)
    let sample = SampledCopy(
      source: step.arguments[place], strides: walks.map(\.stride), shape: walks.map { $0.axis?.extent ?? 1 })
    let copy = copies[sample] ?? addCopy(sample, kernel.parameters[place], for: step)
    let sampled = Tensor(access.tensor.name, access.tensor.element, sample.shape)
    kernel.equations[0] = kernel.equations[0].rewritten(scalar: { part in
      part == .read(access) ? .read(Access(sampled, walks.map(\.place))) : part
    })
    kernel.parameters[place] = .init(sampled, layout: program[copy].layout, role: .read)
    step.arguments[place] = copy
    program.kernels[step.kernel] = kernel
  }

  private mutating func addCopy(_ sample: SampledCopy, _ source: Kernel.Parameter, for step: Step) -> BufferID {
    let rank = sample.shape.count
    let copy = AddedTensor(
      "\(program[sample.source].name).sampled", copying: (source, sample.source), by: "subsample",
      shape: sample.shape, layout: source.layout.isPlain ? .plain(rank: rank) : .channelBlocked(rank: rank)
    ) { zip($0, sample.strides).map { $0 * $1 } }
    let added = program.add(copy, for: step)
    program.steps.append(added.step)
    copies[sample] = added.buffer
    return added.buffer
  }
}

/// A position `stride * axis`, or 0, besides axes with one place.
private struct StridedWalk {
  var axis: Axis?
  var stride = 1

  init?(_ index: Index) {
    let form = LinearForm(index)
    let terms = form.terms.filter { if case .axis(let axis) = $0.atom { axis.extent > 1 } else { true } }
    guard form.constant == 0, terms.count <= 1 else { return nil }
    guard let term = terms.first else { return }
    guard case .axis(let axis) = term.atom, term.factor > 0 else { return nil }
    (self.axis, stride) = (axis, term.factor)
  }

  var place: Index { axis.map { .axis($0) } ?? .constant(0) }
}

extension Equation {
  /// The only read of a tensor, in a sum of products for many lanes, if it leaves out pixels of images.
  fileprivate var stridedPixels: Access? {
    guard scatter == nil, let (_, body) = value.onlySum else { return nil }
    return body.reads.first(where: { access in
      let walks = access.indices.compactMap(StridedWalk.init)
      guard walks.count == access.tensor.rank, walks.count > 2,
        allReads.count(where: { $0.tensor == access.tensor }) == 1
      else { return false }
      let strided = walks.filter { $0.stride > 1 }
      let lanes = axes.filter { axis in !walks.contains { $0.axis == axis } }.map(\.extent).max() ?? 1
      return !strided.isEmpty && walks[0].stride == 1 && walks[1].stride == 1 && lanes >= leastLanes
        && strided.allSatisfy { walk in axes.contains { $0 == walk.axis } }
    })
  }
}
