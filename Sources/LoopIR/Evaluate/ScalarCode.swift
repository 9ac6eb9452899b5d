extension CodeBuilder {
  mutating func code(_ scalar: Scalar, _ scope: Scope) -> ScalarCode {
    switch scalar {
    case .constant(let value):
      return { _ in value }
    case .index(let index):
      let position = code(index, scope)
      return { Double(position($0)) }
    case .read(let access):
      return read(access, scope)
    case .unary(let function, let operand):
      let (apply, a) = (function.function(on: operand.elementType), code(operand, scope))
      return { apply(a($0)) }
    case .binary(let function, let left, let right):
      return binary(function, left, right, scope)
    case .select(let condition, let left, let right):
      let test = code(condition, scope)
      let (a, b) = (code(left, scope), code(right, scope))
      return { test($0) != 0 ? a($0) : b($0) }
    case .reduce(let reduction, let axes, let body):
      if reduction == .sum, let sum = sumOfProducts(axes, body, scope) { return sum }
      return reduce(reduction, axes, body, scope)
    case .cast(let type, let operand):
      let a = code(operand, scope)
      guard let convert = type.conversion(from: operand.elementType) else { return a }
      return { convert(a($0)) }
    case .random(let words):
      let codes = words.map { code($0, scope) }
      return { frame in
        Double(randomWord(codes.map { UInt32(truncatingIfNeeded: Int64(saturating: $0(frame))) }))
      }
    case .local(let name, _):
      let slot = slot(ofLocal: name, scope)
      return { $0.locals[slot] }
    }
  }

  private mutating func binary(
    _ function: BinaryFunction, _ left: Scalar, _ right: Scalar, _ scope: Scope
  ) -> ScalarCode {
    let (a, b) = (code(left, scope), code(right, scope))
    let type = left.elementType ?? right.elementType
    let apply = function.function(on: type)
    let isWhole = type.map { !$0.isFloatingPoint } ?? false
    switch function {
    case .add where !isWhole: return { a($0) + b($0) }
    case .subtract where !isWhole: return { a($0) - b($0) }
    case .multiply where !isWhole: return { a($0) * b($0) }
    default: return { apply(a($0), b($0)) }
    }
  }

  private mutating func reduce(
    _ reduction: Reduction, _ axes: [Axis], _ body: Scalar, _ scope: Scope
  ) -> ScalarCode {
    var inner = scope
    inner.row = nil
    let slots = axes.map { bind($0, in: &inner) }
    let extents = axes.map(\.extent)
    let type = body.elementType
    let identity = reduction.identity(on: type)
    let combine = reduction.combiner.function(on: type)
    let element = code(body, inner)
    guard let last = slots.last, let extent = extents.last, !extents.contains(0) else {
      return { _ in identity }
    }
    let outer = slots.dropLast()
    return { frame in
      var result = identity
      for slot in slots { frame.axes[slot] = 0 }
      repeat {
        frame.axes[last] = 0
        while frame.axes[last] < extent {
          result = combine(result, element(frame))
          frame.axes[last] += 1
        }
      } while frame.advance(outer, extents)
      return result
    }
  }
}

extension Frame {
  /// The next position of nested loops, the last slot innermost. False at the end, where all slots are 0
  /// again.
  func advance(_ slots: ArraySlice<Int>, _ extents: [Int]) -> Bool {
    var place = slots.endIndex - 1
    while place >= slots.startIndex {
      axes[slots[place]] += 1
      if axes[slots[place]] < extents[place] { return true }
      axes[slots[place]] = 0
      place -= 1
    }
    return false
  }
}
