/// An equation whose code is built once, to be evaluated on the values of several runs. One run at a time.
package final class PreparedEquation {
  private let shape: [Int]
  /// By the names of the tensors that are read; empty between runs.
  private let memories: [String: (tensor: Tensor, buffer: CodeBuilder.Buffer)]
  private let code: (inout Int) -> [Double]
  /// Rows that earlier runs computed: sums that are kept for a row belong to one run.
  private var rowCount = 0

  package init(_ equation: Equation) {
    var memories: [String: (tensor: Tensor, buffer: CodeBuilder.Buffer)] = [:]
    for access in equation.allReads where memories[access.tensor.name] == nil {
      memories[access.tensor.name] = (access.tensor, CodeBuilder.Buffer([]))
    }
    let builder = CodeBuilder(
      source: { [memories] tensor in
        guard let memory = memories[tensor.name], memory.tensor.shape == tensor.shape else {
          preconditionFailure("tensor '\(tensor.name)' is read with several shapes in \(equation)")
        }
        return .constant(memory.buffer)
      },
      subject: { "\(equation)" })
    self.memories = memories
    shape = equation.result.shape
    code = equation.scatter.map { Self.code(equation, $0, builder) } ?? Self.code(equation, builder)
  }

  /// The value of the equation. Every tensor that it reads must be there, in its shape.
  package func evaluate(_ tensors: [String: TensorValues]) -> TensorValues {
    for (name, memory) in memories {
      guard let values = tensors[name], values.shape == memory.tensor.shape else {
        preconditionFailure("no values of shape \(memory.tensor.shape) for tensor '\(name)'")
      }
      memory.buffer.values = values.values
    }
    defer { for memory in memories.values { memory.buffer.values = [] } }
    return TensorValues(shape: shape, values: code(&rowCount))
  }

  private static func code(_ equation: Equation, _ emptyBuilder: CodeBuilder) -> (inout Int) -> [Double] {
    var builder = emptyBuilder
    let (result, shape) = (equation.result, equation.result.shape)
    precondition(equation.axes.map(\.extent) == shape, "axes of '\(result.name)' do not span its shape")
    var scope = CodeBuilder.Scope(row: equation.axes.last)
    let slots = equation.axes.map { builder.bind($0, in: &scope) }
    let value = builder.converted(equation.value, to: result.element, scope)
    let count = shape.reduce(1, *)
    return { [builder] rowCount in
      [Double](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        var place = 0
        rowCount = builder.walk(slots, shape, after: rowCount) { frame in
          buffer.initializeElement(at: place, to: value(frame))
          place += 1
        }
        initializedCount = place
      }
    }
  }

  private static func code(
    _ equation: Equation, _ scatter: Scatter, _ emptyBuilder: CodeBuilder
  ) -> (inout Int) -> [Double] {
    var builder = emptyBuilder
    let result = equation.result
    var initialScope = CodeBuilder.Scope()
    let resultSlots = Equation.axes(of: result).map { builder.bind($0, in: &initialScope) }
    let initial = builder.converted(scatter.initial, to: result.element, initialScope)
    var scope = CodeBuilder.Scope()
    let slots = equation.axes.map { builder.bind($0, in: &scope) }
    let value = builder.converted(equation.value, to: result.element, scope)
    let target = builder.offset(Access(result, scatter.target, outside: 0), .plain(rank: result.rank), scope)
    let combine = scatter.combine?.combiner.function(on: result.element)
    return { [builder] rowCount in
      var values: [Double] = []
      rowCount = builder.walk(resultSlots, result.shape, after: rowCount) { values.append(initial($0)) }
      rowCount = builder.walk(slots, equation.axes.map(\.extent), after: rowCount) { frame in
        guard let place = target(frame) else { return }
        let number = value(frame)
        values[place] = combine.map { $0(values[place], number) } ?? number
      }
      return values
    }
  }
}
