import LoopIR
import Testing

@Suite struct EvaluateTests {
  static let (n, o, i, j) = (Axis("n", 2), Axis("o", 4), Axis("i", 5), Axis("j", 6))
  static let (c, p, q) = (Axis("c", 2), Axis("p", 3), Axis("q", 3))
  static let image = Tensor("x", .f32, [2, 4, 5, 6])
  static let result = Tensor("y", .f32, [2, 4, 5, 6])

  static func window(_ axis: Axis, _ place: Axis) -> Index { axis + place - 1 }

  /// Sums of products in the shapes that networks have them, and expressions around them.
  static let equations: [(String, Equation)] = {
    let group = o.index.dividedRoundingDown(by: 2) * 2 + c
    let padded = image[[n.index, group, window(i, p), window(j, q)], outside: 0]
    let weight = Tensor("w", .f32, [4, 2, 3, 3])[[o, c, p, q]]
    let bias = Tensor("b", .f32, [4])[[o]]
    let sum = reduce(.sum, [c, p, q], padded * weight)
    let axes = [n, o, i, j]
    let (u, v) = (Axis("u", 3), Axis("v", 2))
    let strided = image[[n.index, o.index, u * 3 + p - 2, v * 4 - q + 3], outside: 0]
    let sixth = Tensor("w", .f32, [4, 2, 3, 3])
    let matrix = (Tensor("a", .f32, [3, 7]), Tensor("d", .f32, [7, 5]), Tensor("e", .f32, [5, 7]))
    let (m, k, l) = (Axis("m", 3), Axis("k", 7), Axis("l", 5))
    let total = reduce(.sum, [n, o, i, j], image[[n, o, i, j]])
    let positive = Scalar.binary(.less, 0, image[[n, o, i, j]])
    return [
      ("grouped convolution", Equation(result, axes, .binary(.maximum, bias + sum, 0))),
      ("sum in one branch", Equation(result, axes, .select(positive, sum, bias))),
      (
        "strides and mirrored taps",
        Equation(Tensor("y", .f32, [2, 4, 3, 2]), [n, o, u, v], reduce(.sum, [p, q], strided))
      ),
      (
        "matrix product",
        Equation(
          Tensor("y", .f32, [3, 5]), [m, l], reduce(.sum, [k], matrix.0[[m, k]] * matrix.1[[k, l]]))
      ),
      (
        "product with transposed",
        Equation(
          Tensor("y", .f32, [3, 5]), [m, l], reduce(.sum, [k], matrix.0[[m, k]] * matrix.2[[l, k]]))
      ),
      (
        "weight gradient",
        Equation(
          Tensor("y", .f32, [4, 2, 3, 3]), [o, c, p, q],
          reduce(.sum, [n, i, j], padded * image[[n, o, i, j]]))
      ),
      ("normalized", Equation(result, axes, image[[n, o, i, j]] - total / 240)),
      (
        "softmax with hidden axis",
        Equation(
          result, axes,
          .unary(.exp, image[[n, o, i, j]]) / reduce(.sum, [o], .unary(.exp, image[[n, o, i, j]])))
      ),
      (
        "nested sums",
        Equation(
          Tensor("y", .f32, [4]), [o], reduce(.maximum, [c], reduce(.sum, [p, q], sixth[[o, c, p, q]])))
      ),
      (
        "window maximum",
        Equation(
          result, axes,
          reduce(
            .maximum, [p, q], image[[n.index, o.index, window(i, p), window(j, q)], outside: -.infinity]))
      ),
      (
        "constant border",
        Equation(
          result, axes, reduce(.sum, [p], image[[n.index, o.index, i.index, window(j, p)], outside: 0.5]))
      ),
      ("to one number", Equation(Tensor("y", .f32, []), [], total)),
      (
        "gather",
        Equation(
          Tensor("y", .f32, [5]), [l],
          Tensor("d", .f32, [7, 5])[[.value(matrix.0[[.constant(0), l.index]] * 6), l.index], outside: 9])
      ),
      (
        "reflection",
        Equation(
          result, axes, image[[n.index, o.index, i.index, Index.maximum(j - 2, (j - 2) * -1).simplified]])
      ),
      (
        "wrapping",
        Equation(
          result, axes,
          image[[n.index, o.index, (i + 3).remainder(dividingBy: 5), j.index]] * Scalar.index(i * 10 + j))
      ),
    ]
  }()

  static let tensors: [String: TensorValues] = {
    var numbers = Numbers(7)
    return [
      "x": numbers.tensor([2, 4, 5, 6]), "w": numbers.tensor([4, 2, 3, 3]), "b": numbers.tensor([4]),
      "a": numbers.tensor([3, 7]), "d": numbers.tensor([7, 5]), "e": numbers.tensor([5, 7]),
    ]
  }()

  @Test(arguments: equations.map(\.0))
  func agreesWithTreeWalk(name: String) throws {
    let equation = try #require(Self.equations.first { $0.0 == name }).1
    let values = evaluate(equation, Self.tensors)
    let expected = TreeWalk(tensors: Self.tensors).value(of: equation)
    #expect(values.shape == equation.result.shape)
    for (found, wanted) in zip(values.values, expected) {
      #expect(abs(found - wanted) <= 1e-12, "\(found) is not \(wanted)")
    }
    #expect(expected.contains { $0 != 0 })
  }

  @Test func knownConvolution() {
    let (i, p) = (Axis("i", 4), Axis("p", 3))
    let x = Tensor("x", .f32, [4])[[i + p - 1], outside: 0]
    let y = Equation(Tensor("y", .f32, [4]), [i], reduce(.sum, [p], x * Tensor("w", .f32, [3])[[p]]))
    let tensors = [
      "x": TensorValues(shape: [4], values: [1, 2, 3, 4]),
      "w": TensorValues(shape: [3], values: [1, 10, 100]),
    ]
    #expect(evaluate(y, tensors).values == [210, 321, 432, 43])
    // Prepared once: the sums of its only row are not kept for the next run.
    let prepared = PreparedEquation(y)
    #expect(prepared.evaluate(tensors).values == [210, 321, 432, 43])
    let ones = tensors.merging(["x": TensorValues(shape: [4], repeating: 1)]) { $1 }
    #expect(prepared.evaluate(ones).values == [110, 111, 111, 11])
    #expect(prepared.evaluate(tensors).values == [210, 321, 432, 43])
  }

  @Test func emptyReductionsGiveTheIdentity() {
    let nothing = Axis("k", 0)
    func value(_ reduction: Reduction, _ type: ElementType) -> Double {
      let x = Tensor("x", type, [0])[[nothing]]
      let y = Equation(Tensor("y", type, []), [], reduce(reduction, [nothing], x))
      return evaluate(y, ["x": TensorValues(shape: [0], values: [])]).values[0]
    }
    #expect(value(.sum, .f32) == 0)
    #expect(value(.product, .f32) == 1)
    #expect(value(.maximum, .f32) == -.infinity)
    #expect(value(.minimum, .i32) == Double(Int32.max))
    #expect(value(.maximum, .bool) == 0)
  }

  @Test func emptyResult() {
    let i = Axis("i", 0)
    let y = Equation(Tensor("y", .f32, [0, 3]), [i, Axis("j", 3)], .index(i.index))
    #expect(evaluate(y, [:]) == TensorValues(shape: [0, 3], values: []))
  }

  @Test func onlyTheChosenBranchIsRead() {
    let i = Axis("i", 4)
    let x = Tensor("x", .f32, [3])
    let isInside = Scalar.binary(.less, .index(i.index), 3)
    let y = Equation(Tensor("y", .f32, [4]), [i], .select(isInside, x[[i]], -1))
    #expect(evaluate(y, ["x": TensorValues(shape: [3], values: [5, 6, 7])]).values == [5, 6, 7, -1])
  }

  @Test func scatterAddsAndOverwrites() {
    let k = Axis("k", 4)
    let (place, x) = (Tensor("p", .i32, [4])[[k]], Tensor("x", .f32, [4])[[k]])
    let tensors = [
      "p": TensorValues(shape: [4], values: [1, 1, 7, 0]),
      "x": TensorValues(shape: [4], values: [1, 2, 3, 4]),
    ]
    let result = Tensor("y", .f32, [3])
    let sum = Scatter(target: [.value(place)], initial: 10, combine: .sum)
    #expect(evaluate(Equation(result, [k], x, scatter: sum), tensors).values == [14, 13, 10])
    let last = Scatter(target: [.value(place)], initial: 0)
    #expect(evaluate(Equation(result, [k], x, scatter: last), tensors).values == [4, 2, 0])
  }
}
