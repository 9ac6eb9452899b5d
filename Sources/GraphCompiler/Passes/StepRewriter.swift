import LoopIR

/// A pass on programs that looks at one step after the other.
protocol StepRewriter {
  /// What the pass has made so far.
  var program: Program { get set }

  init(program: Program)

  /// Appends what stands in place of the step to the steps of the program. The step's kernel is its own.
  mutating func rewrite(_ step: Step)
}

extension StepRewriter {
  static func rewriting(_ program: Program) -> Program {
    let program = program.withOwnKernels
    var rewriter = Self(program: program)
    rewriter.program.steps = []
    for step in program.steps { rewriter.rewrite(step) }
    return rewriter.program
  }
}

/// One more tensor of the arena, computed by a kernel of its own.
struct AddedTensor {
  typealias Operand = (parameter: Kernel.Parameter, buffer: BufferID)

  /// Name of the buffer; one that is taken gets a number.
  var name: String
  var layout: Layout
  /// Name of the kernel.
  var kernel: String
  var operands: [Operand]
  let result: Tensor
  /// What computes it: an equation, or loops where there is none.
  var equations: [Equation] = []
  var body: [Statement] = []
}

extension AddedTensor {
  init(name: String, layout: Layout, kernel: String, equation: Equation, operands: [Operand]) {
    self.init(
      name: name, layout: layout, kernel: kernel, operands: operands, result: equation.result, equations: [equation])
  }

  init(name: String, layout: Layout, kernel: String, result: Tensor, body: [Statement], operands: [Operand]) {
    self.init(name: name, layout: layout, kernel: kernel, operands: operands, result: result, body: body)
  }

  /// A tensor of the shape, of which each element is one element of another: that at the indices which the closure
  /// gives for the axes, or the number `outside` beyond an edge.
  init(
    _ name: String, copying source: Operand, by kernel: String, shape: [Int], layout: Layout,
    outside: Double? = nil, from indices: ([Axis]) -> [Index] = { $0.map { .axis($0) } }
  ) {
    let element = source.parameter.tensor.element
    let (x, y) = (Tensor("x", element, source.parameter.tensor.shape), Tensor("y", element, shape))
    let axes = Equation.axes(of: y)
    let read = Access(x, indices(axes), outside: outside)
    self.init(
      name: name, layout: layout, kernel: kernel, equation: Equation(y, axes, .read(read)),
      operands: [(.init(x, layout: source.parameter.layout, role: .read), source.buffer)])
  }
}

extension Program {
  /// A name that no buffer has.
  func freshName(_ stem: String) -> String {
    stem.freshName { name in buffers.contains { $0.name == name } }
  }

  /// Adds buffer and kernel of the tensor. The step that computes it, for the sake of another one, is the caller's to
  /// place.
  mutating func add(_ added: AddedTensor, for other: Step) -> (buffer: BufferID, step: Step) {
    let result = added.result
    let buffer = BufferID(buffers.count)
    let name = freshName(added.name)
    buffers.append(
      Buffer(name: name, type: TensorType(result.element, result.shape), layout: added.layout, role: .arena))
    kernels.append(
      Kernel(
        name: added.kernel,
        parameters: added.operands.map(\.parameter) + [.init(result, layout: added.layout, role: .write)],
        equations: added.equations, schedule: Schedule(), body: added.body))
    var origin = other.provenance
    (origin.value, origin.operators, origin.operationCount) = (name, [added.kernel], 0)
    return (
      buffer,
      Step(kernel: kernels.count - 1, arguments: added.operands.map(\.buffer) + [buffer], provenance: origin)
    )
  }
}

extension String {
  /// This name, or where it is taken the first of `name2`, `name3`… that is not.
  func freshName(isTaken: (String) -> Bool) -> String {
    var (name, number) = (self, 1)
    while isTaken(name) {
      number += 1
      name = "\(self)\(number)"
    }
    return name
  }
}
