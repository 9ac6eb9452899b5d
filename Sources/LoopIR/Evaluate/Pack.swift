extension Layout {
  /// The elements of a tensor as they lie in memory; halo and padding are zeros.
  package func pack(_ tensor: TensorValues) -> [Double] {
    var memory = [Double](repeating: 0, count: elementCount(shape: tensor.shape))
    var place = 0
    walkOffsets(shape: tensor.shape) { offset in
      memory[offset] = tensor.values[place]
      place += 1
    }
    return memory
  }

  /// The elements of a tensor, gathered from memory.
  package func unpack(_ memory: [Double], shape: [Int]) -> TensorValues {
    var values: [Double] = []
    walkOffsets(shape: shape) { values.append(memory[$0]) }
    return TensorValues(shape: shape, values: values)
  }

  /// Offsets of all elements in row-major order of their positions.
  private func walkOffsets(shape: [Int], _ body: (Int) -> Void) {
    var builder = CodeBuilder(
      source: { _ in preconditionFailure("layouts read nothing") }, subject: { "\(self)" })
    var scope = CodeBuilder.Scope()
    let axes = Equation.axes(shape.indices.map { "a\($0)" }, shape)
    let slots = axes.map { builder.bind($0, in: &scope) }
    let offset = builder.code(offset(of: axes.map(\.index), shape: shape), scope)
    builder.walk(slots, shape) { body(offset($0)) }
  }
}
