/// The reference evaluator: the value of an equation, element by element, in double precision. It is the oracle of every
/// test, so it stays plain; `Arithmetic.swift` says what the functions mean.
///
/// Tensors are found by name. An access out of range without `outside` is a bug of whoever made the equation and traps.
package func evaluate(_ equation: Equation, _ tensors: [String: TensorValues]) -> TensorValues {
  let builder = CodeBuilder(
    source: { tensor in
      guard let values = tensors[tensor.name], values.shape == tensor.shape else {
        preconditionFailure("no values of shape \(tensor.shape) for tensor '\(tensor.name)'")
      }
      return .constant(values)
    },
    subject: { "the equation of '\(equation.result.name)'" })
  if let scatter = equation.scatter { return evaluate(equation, scatter, builder) }
  return evaluate(equation, builder)
}

private func evaluate(_ equation: Equation, _ emptyBuilder: CodeBuilder) -> TensorValues {
  var builder = emptyBuilder
  let shape = equation.result.shape
  precondition(equation.axes.map(\.extent) == shape, "axes of '\(equation.result.name)' do not span its shape")
  var scope = CodeBuilder.Scope(row: equation.axes.last)
  let slots = equation.axes.map { builder.bind($0, in: &scope) }
  let value = builder.storedValue(equation, scope)
  let count = shape.reduce(1, *)
  let values = [Double](unsafeUninitializedCapacity: count) { buffer, initializedCount in
    var place = 0
    builder.walk(slots, shape) { frame in
      buffer.initializeElement(at: place, to: value(frame))
      place += 1
    }
    initializedCount = place
  }
  return TensorValues(shape: shape, values: values)
}

private func evaluate(_ equation: Equation, _ scatter: Scatter, _ emptyBuilder: CodeBuilder) -> TensorValues {
  var builder = emptyBuilder
  let result = equation.result
  var initialScope = CodeBuilder.Scope()
  let resultSlots = Equation.axes(of: result).map { builder.bind($0, in: &initialScope) }
  let initial = builder.code(scatter.initial, initialScope)
  let convertInitial = result.element.conversion(from: scatter.initial.elementType)
  var scope = CodeBuilder.Scope()
  let slots = equation.axes.map { builder.bind($0, in: &scope) }
  let value = builder.storedValue(equation, scope)
  let target = builder.offset(Access(result, scatter.target, outside: 0), .plain(rank: result.rank), scope)
  let combine = scatter.combine?.combiner.function(on: result.element)

  var values: [Double] = []
  builder.walk(resultSlots, result.shape) { frame in
    let number = initial(frame)
    values.append(convertInitial.map { $0(number) } ?? number)
  }
  builder.walk(slots, equation.axes.map(\.extent)) { frame in
    guard let place = target(frame) else { return }
    let number = value(frame)
    values[place] = combine.map { $0(values[place], number) } ?? number
  }
  return TensorValues(shape: result.shape, values: values)
}

extension CodeBuilder {
  /// The value of an equation, converted to the element type of its result.
  fileprivate mutating func storedValue(_ equation: Equation, _ scope: Scope) -> ScalarCode {
    let value = code(equation.value, scope)
    guard let convert = equation.result.element.conversion(from: equation.value.elementType) else { return value }
    return { convert(value($0)) }
  }

  /// Runs `body` at every position of nested loops, the last slot innermost.
  fileprivate func walk(_ slots: [Int], _ extents: [Int], _ body: (Frame) -> Void) {
    if extents.contains(0) { return }
    withFrame { frame in
      guard let last = slots.last, let extent = extents.last else { return body(frame) }
      repeat {
        frame.axes[Frame.rowSlot] += 1
        for place in 0..<extent {
          frame.axes[last] = place
          body(frame)
        }
      } while frame.advance(slots.dropLast(), extents)
    }
  }
}
