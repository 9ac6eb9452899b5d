import LoopIR

/// Copies of tensors in the order that a kernel wants, made when the network runs: for gradients, whose factors are
/// both known only then.
struct RuntimePacking {
  /// A copy that exists already.
  private struct Copy: Hashable {
    var source: BufferID
    var layout: Layout
    var shape: [Int]
  }

  private var copies: [Copy: BufferID] = [:]
  private var stepsBefore: [Int: [Step]] = [:]

  /// Whether the work of the equation outweighs a copy of the tensor.
  static func pays(for tensor: Tensor, in equation: Equation) -> Bool {
    equation.operationCount >= Contraction.operationsPerCopy * tensor.shape.reduce(1, *)
  }

  func steps(before place: Int) -> [Step] { stepsBefore[place] ?? [] }

  mutating func pack(
    _ tensor: Tensor, _ layout: Layout, _ kernel: inout Kernel, step place: Int, _ program: inout Program
  ) {
    guard let parameter = kernel.parameters.firstIndex(where: { $0.tensor == tensor }) else { return }
    kernel.parameters[parameter].layout = layout
    let source = program.steps[place].arguments[parameter]
    let key = Copy(source: source, layout: layout, shape: tensor.shape)
    // What is written over in place must not be taken from an old copy.
    if let copy = copies[key], !program[source].role.isStored {
      program.steps[place].arguments[parameter] = copy
      return
    }
    let plain = Kernel.Parameter(tensor, layout: .plain(rank: tensor.rank), role: .read)
    let copy = AddedTensor(
      "\(program[source].name).packed", copying: (plain, source), by: "pack", shape: tensor.shape, layout: layout)
    let added = program.add(copy, for: program.steps[place])
    do {
      program.kernels[added.step.kernel].body = try copy.equations.flatMap { try Schedule().apply(to: $0) }
    } catch {
      preconditionFailure("a copy without a schedule does not fit: \(error)")
    }
    stepsBefore[place, default: []].append(added.step)
    program.steps[place].arguments[parameter] = added.buffer
    copies[key] = added.buffer
  }
}
