import LoopIR

/// The plainest evaluator of floating-point expressions: walks the tree for every element. What the compiled
/// code is compared with.
struct TreeWalk {
  var tensors: [String: TensorValues]
  var axes: [Axis: Int] = [:]

  func value(of equation: Equation) -> [Double] {
    positions(equation.axes).map { position in
      var walk = self
      walk.axes.merge(zip(equation.axes, position)) { $1 }
      return walk.value(of: equation.value)
    }
  }

  /// Row-major.
  func positions(_ axes: [Axis]) -> [[Int]] {
    axes.reduce([[]]) { heads, axis in heads.flatMap { head in (0..<axis.extent).map { head + [$0] } } }
  }

  func value(of scalar: Scalar) -> Double {
    switch scalar {
    case .constant(let value): return value
    case .index(let index): return Double(value(of: index))
    case .read(let access): return value(of: access)
    case .unary(let function, let a): return function.function(on: a.elementType)(value(of: a))
    case .binary(let function, let a, let b):
      return function.function(on: a.elementType ?? b.elementType)(value(of: a), value(of: b))
    case .select(let test, let a, let b): return value(of: value(of: test) != 0 ? a : b)
    case .cast(_, let a): return value(of: a)
    case .random(let words):
      return Double(randomWord(words.map { UInt32(truncatingIfNeeded: Int64(saturating: value(of: $0))) }))
    case .local: return .nan
    case .reduce(let reduction, let reduced, let body):
      return positions(reduced).reduce(reduction.identity) { total, position in
        var walk = self
        walk.axes.merge(zip(reduced, position)) { $1 }
        return reduction.combiner.function(on: .f64)(total, walk.value(of: body))
      }
    }
  }

  func value(of access: Access) -> Double {
    guard let tensor = tensors[access.tensor.name] else { return .nan }
    var offset = 0
    for (index, extent) in zip(access.indices, tensor.shape) {
      let place = value(of: index)
      if !(0..<extent).contains(place) { return access.outside ?? .nan }
      offset = offset * extent + place
    }
    return tensor.values[offset]
  }

  func value(of index: Index) -> Int {
    switch index {
    case .constant(let value): value
    case .axis(let axis): axes[axis] ?? .min
    case .sum(let a, let b): value(of: a) + value(of: b)
    case .product(let a, let b): value(of: a) * value(of: b)
    case .quotient(let a, let divisor): Int((Double(value(of: a)) / Double(divisor)).rounded(.down))
    case .remainder(let a, let divisor): ((value(of: a) % divisor) + divisor) % divisor
    case .minimum(let a, let b): min(value(of: a), value(of: b))
    case .maximum(let a, let b): max(value(of: a), value(of: b))
    case .value(let scalar): Int(value(of: scalar))
    }
  }
}

/// Numbers that look random but are the same every time (a linear congruential generator).
struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) | (state << 31)
  }

  mutating func tensor(_ shape: [Int], _ range: ClosedRange<Double> = -1...1) -> TensorValues {
    let count = shape.reduce(1, *)
    return TensorValues(shape: shape, values: (0..<count).map { _ in Double.random(in: range, using: &self) })
  }
}
