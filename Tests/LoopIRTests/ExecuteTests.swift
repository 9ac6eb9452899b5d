import LoopIR
import Testing

/// Loop nests compute what their equations say, under every schedule and layout.
@Suite struct ExecuteTests {
  static let schedules: [[Schedule.Directive]] = [
    [],
    [
      .split("o", factor: 4, outer: "o0", inner: "o1"), .reorder(["n", "o0", "i", "j", "o1"]),
      .vectorize("o1"),
    ],
    [.split("j", factor: 3, outer: "j0", inner: "j1"), .unroll("j1"), .unroll("q")],
    [.split("c", factor: 2, outer: "c0", inner: "c1"), .unroll("c1"), .parallel("n"), .reorder(["j", "i"])],
    [.carry("c"), .reorder(["n", "o", "c", "i", "j"]), .vectorize("j")],
  ]

  static let layouts: [Layout] = [
    .plain(rank: 4), .blocked(rank: 4, dimension: 1, by: 4),
    Layout(order: [.whole(0), .whole(2), .whole(3), .whole(1)]),
    Layout(
      order: [.whole(0), .blocks(1, of: 8), .whole(2), .whole(3), .within(1, of: 8)],
      halos: [
        .init(before: 0, after: 0), .init(before: 0, after: 0), .init(before: 1, after: 2),
        .init(before: 1, after: 1),
      ]),
  ]

  /// y = max(b + x * w, 0) with x[2, 3, 4, 5] and w[6, 3, 2, 3]; padded by one column.
  static let convolution: Equation = {
    let (n, o, i, j) = (Axis("n", 2), Axis("o", 6), Axis("i", 3), Axis("j", 5))
    let (c, p, q) = (Axis("c", 3), Axis("p", 2), Axis("q", 3))
    let x = Tensor("x", .f32, [2, 3, 4, 5])[[n.index, c.index, i + p, j + q - 1], outside: 0]
    let product = x * Tensor("w", .f32, [6, 3, 2, 3])[[o, c, p, q]]
    let sum = reduce(.sum, [c, p, q], product) + Tensor("b", .f32, [6])[[o]]
    return Equation(Tensor("y", .f32, [2, 6, 3, 5]), [n, o, i, j], .binary(.maximum, sum, 0))
  }()

  @Test(arguments: schedules, layouts)
  func agreesWithEquation(_ directives: [Schedule.Directive], _ layout: Layout) throws {
    var numbers = Numbers(3)
    let equation = Self.convolution
    let inputs = equation.allReads.map(\.tensor)
    let schedule = Schedule(directives)
    let kernel = Kernel(
      name: "conv",
      parameters: inputs.map {
        .init($0, layout: $0.name == "x" ? layout : .plain(rank: $0.rank), role: .read)
      }
        + [.init(equation.result, layout: layout, role: .write)],
      equations: [equation], schedule: schedule, body: try schedule.apply(to: equation))
    var tensors: [String: TensorValues] = [:]
    for tensor in inputs { tensors[tensor.name] = numbers.tensor(tensor.shape) }
    let found = try #require(execute(kernel, tensors)["y"])
    let expected = evaluate(equation, tensors)
    for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) < 1e-13) }
  }

  @Test func scatter() throws {
    let (k, y) = (Axis("k", 4), Tensor("y", .f32, [3]))
    let (place, x) = (Tensor("p", .i32, [4]), Tensor("x", .f32, [4]))
    let equation = Equation(
      y, [k], x[[k]], scatter: Scatter(target: [.value(place[[k]])], initial: 10, combine: .sum))
    let kernel = Kernel(
      name: "scatter",
      parameters: [
        .init(place, layout: .plain(rank: 1), role: .read), .init(x, layout: .plain(rank: 1), role: .read),
        .init(y, layout: .plain(rank: 1), role: .write),
      ], equations: [equation], schedule: Schedule(), body: try Schedule().apply(to: equation))
    let tensors = [
      "p": TensorValues(shape: [4], values: [1, 1, 7, 0]),
      "x": TensorValues(shape: [4], values: [1, 2, 3, 4]),
    ]
    #expect(execute(kernel, tensors)["y"]?.values == [14, 13, 10])
  }

  @Test func localsConvertToTheirType() {
    let y = Tensor("y", .i32, [2])
    let i = Axis("i", 2)
    let half = Scalar.local("half", .i32)
    let body: [Statement] = [
      .loop(
        Loop(
          i,
          [
            .declare("half", .i32, .index(i.index) + 2.75),
            .conditional(.binary(.less, 2, half), [.assign("half", .i32, half * 10)]),
            .store(Access(y, [i.index]), half),
          ]))
    ]
    let kernel = Kernel(
      name: "k", parameters: [.init(y, layout: .plain(rank: 1), role: .write)], equations: [],
      schedule: Schedule(),
      body: body)
    #expect(execute(kernel, [:])["y"]?.values == [2, 30])
  }
}
