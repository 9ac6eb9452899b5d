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
    let id = BufferID(program.buffers.count)
    let name = "\(program[source].name).packed"
    program.buffers.append(
      Buffer(name: name, type: TensorType(tensor.element, tensor.shape), layout: layout, role: .arena))
    addStep(tensor, layout, from: source, to: id, name, before: place, &program)
    program.steps[place].arguments[parameter] = id
    copies[key] = id
  }

  private mutating func addStep(
    _ tensor: Tensor, _ layout: Layout, from source: BufferID, to target: BufferID, _ name: String,
    before place: Int, _ program: inout Program
  ) {
    let (x, y) = (
      Tensor("x", tensor.element, tensor.shape), Tensor("y", tensor.element, tensor.shape)
    )
    let axes = Equation.axes(of: y)
    let equation = Equation(y, axes, x[axes])
    var kernel = Kernel(
      name: "pack",
      parameters: [
        .init(x, layout: .plain(rank: x.rank), role: .read), .init(y, layout: layout, role: .write),
      ], equations: [equation], schedule: Schedule(), body: [])
    do {
      kernel.body = try kernel.schedule.apply(to: equation)
    } catch {
      preconditionFailure("a copy without a schedule does not fit: \(error)")
    }
    var origin = program.steps[place].provenance
    (origin.value, origin.operators, origin.operationCount) = (name, ["pack"], 0)
    stepsBefore[place, default: []].append(
      Step(kernel: program.kernels.count, arguments: [source, target], provenance: origin))
    program.kernels.append(kernel)
  }
}
