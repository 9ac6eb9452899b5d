import LoopIR

/// Random expressions for laws that hold for every tree.
struct RandomTrees {
  static let axes = [Axis("i", 5), Axis("j", 1), Axis("k", 12), Axis("l", 3)]
  static let tensors = [Tensor("x", .f32, [5]), Tensor("w", .f32, [3, 12]), Tensor("s", .i32, [])]

  var numbers: Numbers

  init(_ seed: UInt64) { numbers = Numbers(seed) }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &numbers)]
  }

  /// - Parameter withData: whether positions may depend on tensors.
  mutating func index(_ depth: Int, withData: Bool = false) -> Index {
    if depth == 0 {
      return pick([.axis(pick(Self.axes)), .constant(Int.random(in: -9...20, using: &numbers))])
    }
    let (a, b) = (
      index(depth - 1, withData: withData),
      index(Int.random(in: 0..<depth, using: &numbers), withData: withData)
    )
    switch Int.random(in: 0..<(withData ? 9 : 8), using: &numbers) {
    case 0, 1: return .sum(a, b)
    case 2: return .product(a, .constant(pick([-16, -3, -1, 1, 2, 4, 16])))
    case 3: return .product(a, b)
    case 4: return .quotient(a, pick([1, 2, 3, 4, 16]))
    case 5: return .remainder(a, pick([1, 2, 3, 4, 16]))
    case 6: return .minimum(a, b)
    case 7: return .maximum(b, a)
    default: return .value(scalar(depth - 1))
    }
  }

  mutating func scalar(_ depth: Int) -> Scalar {
    if depth == 0 {
      let number = pick([0, 1, -1, 2.5, -0.125, 1e-5, 1e20, -.infinity, .infinity])
      return pick([.constant(number), .index(.axis(pick(Self.axes))), .local("sum", .f32), .local("t", .i32)])
    }
    let (a, b) = (scalar(depth - 1), scalar(Int.random(in: 0..<depth, using: &numbers)))
    switch Int.random(in: 0..<8, using: &numbers) {
    case 0 where depth == 1: return .random([1, 4_294_967_295, a, b, 7, .index(index(1))])
    case 0: return .unary(pick(UnaryFunction.allCases), a)
    case 1, 2, 3: return .binary(pick(BinaryFunction.allCases), a, b)
    case 4: return .select(b, a, .constant(3))
    case 5: return .reduce(pick(Reduction.allCases), [pick(Self.axes)], a)
    case 6: return .cast(pick(ElementType.allCases), a)
    default: return pick([.read(access(depth)), .index(index(depth))])
    }
  }

  mutating func access(_ depth: Int) -> Access {
    let tensor = pick(Self.tensors)
    let indices = tensor.shape.map { _ in index(depth - 1, withData: true) }
    return Access(tensor, indices, outside: pick([nil, 0, -1.5, -.infinity]))
  }
}
