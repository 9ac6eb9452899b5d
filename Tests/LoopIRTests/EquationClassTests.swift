import Testing

@testable import LoopIR

@Suite struct EquationClassTests {
  static let x = Tensor("x", .f32, [2, 3])
  static let w = Tensor("w", .f32, [4, 3])
  static let row = Tensor("r", .f32, [3])
  static let y = Tensor("y", .f32, [2, 3])
  static let (n, c, o, k) = (Axis("n", 2), Axis("c", 3), Axis("o", 4), Axis("k", 3))

  static let equations: [(EquationClass, Equation)] = [
    (.pointwise, Equation(y, [n, c], .unary(.exp, x[[n, c]]))),
    (.pointwise, Equation(y, [n, c], x[[n, c]] * row[[c]])),
    (.pointwise, Equation(y, [n, c], 1)),
    (.movement, Equation(Tensor("y", .f32, [3, 2]), [c, n], x[[n, c]])),
    (.movement, Equation(y, [n, c], x[[n.index, c + -1], outside: 0])),
    (.movement, Equation(y, [n, c], x[[.constant(0), c.index]])),
    (.reduction, Equation(row, [c], reduce(.maximum, [n], x[[n, c]]))),
    (.reduction, Equation(row, [c], reduce(.sum, [n], x[[n, c]]) / 2)),
    (.reduction, Equation(row, [c], reduce(.sum, [n], x[[n, c]] * 0.5))),
    (.contraction, Equation(Tensor("y", .f32, [2, 4]), [n, o], reduce(.sum, [k], x[[n, k]] * w[[o, k]]))),
    (
      .scatter,
      Equation(
        y, [n, c], x[[n, c]], scatter: Scatter(target: [n.index, c.index], initial: 0, combine: .sum))
    ),
  ]

  @Test(arguments: equations.indices) func classComesFromTheEquation(_ place: Int) {
    let (expected, equation) = Self.equations[place]
    #expect(equation.equationClass == expected)
  }

  @Test func copies() {
    #expect(Equation(Self.y, [Self.n, Self.c], Self.x[[Self.n, Self.c]]).copiedTensor == Self.x)
    #expect(Equation(Self.y, [Self.n, Self.c], Self.row[[Self.c]]).copiedTensor == nil)
    #expect(Equation(Self.y, [Self.n, Self.c], -Self.x[[Self.n, Self.c]]).copiedTensor == nil)
  }

  @Test func channelSums() {
    let y = Tensor("y", .f32, [2, 4])
    let bias = Tensor("b", .f32, [4])
    let (x, w, n, o, k) = (Self.x, Self.w, Self.n, Self.o, Self.k)
    let sum = reduce(.sum, [k], x[[n, k]] * w[[o, k]])
    let weights = [ChannelSum.Factor(tensor: w, dimension: 0)]
    #expect(Equation(y, [n, o], sum).channelSum(along: 1) == ChannelSum(factors: weights, bias: nil))
    #expect(
      Equation(y, [n, o], sum + bias[[o]]).channelSum(along: 1) == ChannelSum(factors: weights, bias: bias))
    #expect(
      Equation(y, [n, o], bias[[o]] + sum).channelSum(along: 1) == ChannelSum(factors: weights, bias: bias))
    #expect(Equation(y, [n, o], sum * 2).channelSum(along: 1) == nil)
    #expect(Equation(y, [n, o], .unary(.exp, sum)).channelSum(along: 1) == nil)
    #expect(Equation(y, [n, o], reduce(.maximum, [k], x[[n, k]] * w[[o, k]])).channelSum(along: 1) == nil)
  }

  @Test func simplerScalars() {
    let x = Self.x[[Self.n, Self.c]]
    let same: [Scalar] = [
      x + 0, 0 + x, x - 0, x * 1, 1 * x, x / 1, .binary(.power, x, 1), -(-x), (x * 1 + 0) / 1,
    ]
    #expect(same.allSatisfy { $0.simplified == x })
    #expect((Scalar.constant(2) * 3 + 1).simplified == 7)
    #expect(Scalar.select(.constant(0), 1, x).simplified == x)
    let kept: [Scalar] = [x * 0, 0 - x, 1 / x, x - x]
    #expect(kept.allSatisfy { $0.simplified == $0 })
  }
}
