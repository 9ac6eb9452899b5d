/// The reference evaluator: the value of an equation, element by element, in double precision. It is the
/// oracle of every test, so it stays plain; `Arithmetic.swift` says what the functions mean.
///
/// Tensors are found by name. An access out of range without `outside` is a bug of whoever made the equation
/// and traps.
package func evaluate(_ equation: Equation, _ tensors: [String: TensorValues]) -> TensorValues {
  let builder = CodeBuilder(
    source: { tensor in
      guard let values = tensors[tensor.name], values.shape == tensor.shape else {
        preconditionFailure("no values of shape \(tensor.shape) for tensor '\(tensor.name)'")
      }
      return .constant(values)
    },
    subject: { "\(equation)" })
  if let scatter = equation.scatter { return evaluate(equation, scatter, builder) }
  return evaluate(equation, builder)
}

private func evaluate(_ equation: Equation, _ emptyBuilder: CodeBuilder) -> TensorValues {
  var builder = emptyBuilder
  let (result, shape) = (equation.result, equation.result.shape)
  precondition(equation.axes.map(\.extent) == shape, "axes of '\(result.name)' do not span its shape")
  var scope = CodeBuilder.Scope(row: equation.axes.last)
  let slots = equation.axes.map { builder.bind($0, in: &scope) }
  let value = builder.converted(equation.value, to: result.element, scope)
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
  let initial = builder.converted(scatter.initial, to: result.element, initialScope)
  var scope = CodeBuilder.Scope()
  let slots = equation.axes.map { builder.bind($0, in: &scope) }
  let value = builder.converted(equation.value, to: result.element, scope)
  let target = builder.offset(Access(result, scatter.target, outside: 0), .plain(rank: result.rank), scope)
  let combine = scatter.combine?.combiner.function(on: result.element)

  var values: [Double] = []
  builder.walk(resultSlots, result.shape) { values.append(initial($0)) }
  builder.walk(slots, equation.axes.map(\.extent)) { frame in
    guard let place = target(frame) else { return }
    let number = value(frame)
    values[place] = combine.map { $0(values[place], number) } ?? number
  }
  return TensorValues(shape: result.shape, values: values)
}

extension CodeBuilder {
  /// Code of a value as it is stored in a tensor or local of a type.
  mutating func converted(_ value: Scalar, to type: ElementType, _ scope: Scope) -> ScalarCode {
    let number = code(value, scope)
    guard let convert = type.conversion(from: value.elementType) else { return number }
    return { convert(number($0)) }
  }

  /// Runs `body` at every position of nested loops, the last slot innermost.
  func walk(_ slots: [Int], _ extents: [Int], _ body: (Frame) -> Void) {
    if extents.contains(0) { return }
    withFrame { frame in
      guard let last = slots.last, let extent = extents.last else { return body(frame) }
      let outer = slots.dropLast()
      repeat {
        frame.axes[Frame.rowSlot] += 1
        frame.axes[last] = 0
        while frame.axes[last] < extent {
          body(frame)
          frame.axes[last] += 1
        }
      } while frame.advance(outer, extents)
    }
  }
}
