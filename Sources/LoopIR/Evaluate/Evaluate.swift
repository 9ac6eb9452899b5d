/// The reference evaluator: the value of an equation, element by element, in double precision. It is the
/// oracle of every test, so it stays plain; `Arithmetic.swift` says what the functions mean.
///
/// Tensors are found by name. An access out of range without `outside` is a bug of whoever made the equation
/// and traps.
package func evaluate(_ equation: Equation, _ tensors: [String: TensorValues]) -> TensorValues {
  PreparedEquation(equation).evaluate(tensors)
}

extension CodeBuilder {
  /// Code of a value as it is stored in a tensor or local of a type.
  mutating func converted(_ value: Scalar, to type: ElementType, _ scope: Scope) -> ScalarCode {
    let number = code(value, scope)
    guard let convert = type.conversion(from: value.elementType) else { return number }
    return { convert(number($0)) }
  }

  /// Runs `body` at every position of nested loops, the last slot innermost. Rows are numbered on from those before.
  /// - Returns: the number of the last row
  @discardableResult
  func walk(
    _ slots: [Int], _ extents: [Int], after rowCount: Int = 0, _ body: (Frame) -> Void
  ) -> Int {
    if extents.contains(0) { return rowCount }
    var lastRow = rowCount
    withFrame { frame in
      guard let last = slots.last, let extent = extents.last else { return body(frame) }
      let outer = slots.dropLast()
      frame.axes[Frame.rowSlot] = rowCount
      repeat {
        frame.axes[Frame.rowSlot] += 1
        frame.axes[last] = 0
        while frame.axes[last] < extent {
          body(frame)
          frame.axes[last] += 1
        }
      } while frame.advance(outer, extents)
      lastRow = frame.axes[Frame.rowSlot]
    }
    return lastRow
  }
}
