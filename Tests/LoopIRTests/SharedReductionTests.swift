import Testing

@testable import LoopIR

@Suite struct SharedReductionTests {
  /// `y[i] = (sum(k) x[i,k]) * exp(sum(k) x[i,k])` has one loop over k.
  @Test func equalReductionsAreComputedOnce() {
    let (i, k) = (Axis("i", 3), Axis("k", 5))
    let (x, y) = (Tensor("x", .f32, [3, 5]), Tensor("y", .f32, [3]))
    let sum = reduce(.sum, [k], x[[i, k]])
    let nests = LoopNest.naive(Equation(y, [i], sum * .unary(.exp, sum)))
    #expect(nests.count == 1)
    #expect(nests[0].body.filter { if case .loop = $0 { true } else { false } }.count == 1)
    let local = Scalar.local("sum", .f32)
    #expect(nests[0].body.last == .store(Access(y, [i.index]), local * .unary(.exp, local)))
  }
}
