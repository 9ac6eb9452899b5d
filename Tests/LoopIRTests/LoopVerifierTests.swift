import LoopIR
import SourceText
import Testing

@Suite struct LoopVerifierTests {
  @Test(arguments: ExecuteTests.schedules, ExecuteTests.layouts)
  func scheduledKernelsAreSound(_ directives: [Schedule.Directive], _ layout: Layout) throws {
    let kernel = try KernelTextTests.kernel(ExecuteTests.convolution, Schedule(directives), layout)
    #expect(LoopVerifier.violations(of: kernel) == [])
  }

  @Test(arguments: EvaluateTests.equations.map(\.0))
  func equationsAreSound(name: String) throws {
    let equation = try #require(EvaluateTests.equations.first { $0.0 == name }).1
    #expect(LoopVerifier.violations(of: equation) == [])
  }

  /// One broken clause each.
  @Test(arguments: [
    ("write y: f32[3] in [0 0]", "", "layout [0 0] does not fit 'y: f32[3]'"),
    ("write y: f32[3] in [0%2 0/2]", "", "layout [0%2 0/2] does not fit 'y: f32[3]'"),
    ("read y: f32[3]", "y[0] = 1", "'y' is written but is a parameter for reading"),
    ("write y: f32[3]", "y[3] = 1", "'y[3]' reaches 3...3 in dimension 0 of 'y: f32[3]'"),
    ("write y: f32[3]", "for i in 0..<4 { y[i] = 1 }", "'y[i]' reaches 0...3 in dimension 0 of 'y: f32[3]'"),
    (
      "write y: f32[3]", "for i in 0..<3 { for i in 0..<2 { y[i] = 1 } }",
      "axis 'i' is bound inside a loop of the same name"
    ),
    ("write y: i32[3]", "y[0] = f32(1)", "f32 and i32 meet in 'y'"),
    ("write y: i32[3]", "y[0] = y[1] + i64(1)", "i32 and i64 meet in '+'"),
    ("write y: i32[3]", "y[0] = select(1, y[1], f32(1))", "i32 and f32 meet in 'select'"),
    ("write y: f32[3]", "var s: i32 = f32(3)", "f32 and i32 meet in 's'"),
    ("write y: f32[3]", "var s: i32 = 3\n var s: i32 = 4", "local 's' hides another name"),
    ("read y: f32[3]", "for i in 0..<2 { prefetch y[0] ahead i-1 }", "a prefetch of 'y' looks 1 elements back"),
    (
      "read y: f32[3]", "for vector i in 0..<4 { prefetch y[0] ahead i }",
      "a prefetch of 'y' looks ahead by the lane 'i'"
    ),
    (
      "read y: i32[3]", "prefetch y[0] ahead int(y[1])", "a prefetch of 'y' looks ahead by 'int(y[1])', no sum of axes"
    ),
    ("write y: f32[3]", "for s in 0..<2 { var s: i32 = 3 }", "local 's' hides another name"),
  ])
  func violation(_ parameter: String, _ body: String, _ message: String) throws {
    let kernel = try KernelTextTests.kernels("kernel k { \(parameter)\n \(body) }")[0]
    #expect(LoopVerifier.violations(of: kernel) == ["kernel 'k': \(message)"])
  }

  @Test func whatTextCannotSay() {
    let (i, y, x) = (Axis("i", 3), Tensor("y", .f32, [3]), Tensor("x", .f32, [3, 2]))
    func violations(_ axes: [Axis], _ value: Scalar) -> [String] {
      LoopVerifier.violations(of: Equation(y, axes, value)).map {
        String($0.dropFirst("the equation of 'y': ".count))
      }
    }
    #expect(violations([], 1) == ["axes [] do not span 'y: f32[3]'"])
    #expect(violations([i], .index(.axis(Axis("j", 2)))) == ["axis 'j' of extent 2 is not bound"])
    #expect(violations([i], x[[i]]) == ["'x[i]' has 1 indices for 'x: f32[3, 2]'"])
    #expect(violations([i], .local("s", .f32)) == ["local 's' is not declared"])
    #expect(violations([i], .index(.quotient(i.index, 0))) == ["'i/0' divides by 0"])
    let hidden = reduce(.sum, [Axis("i", 2)], 1)
    #expect(violations([i], hidden) == ["axis 'i' is bound inside a loop of the same name"])
    let outside = Kernel(
      name: "k", parameters: [], equations: [], schedule: Schedule(),
      body: [.store(Access(y, [0.index]), hidden)])
    #expect(
      LoopVerifier.violations(of: outside) == [
        "kernel 'k': 'y: f32[3]' is not a parameter", "kernel 'k': the body has a reduction 'sum'",
      ])
  }

  /// A condition, a halo, the rest of a block and a value for the outside allow what else would be wrong.
  @Test(arguments: [
    ("write y: f32[3]", "for i in 0..<4 { if i < 3 { y[i] = 1 } }"),
    ("write y: f32[3] in [0] halo [1+0]", "y[-1] = 0"),
    ("write y: f32[3] in [0/4 0%4]", "y[3] = 0"),
    ("write y: f32[3]", "y[0] = y[7 | 0]"),
  ])
  func allowed(_ parameter: String, _ body: String) throws {
    let kernel = try KernelTextTests.kernels("kernel k { \(parameter)\n \(body) }")[0]
    #expect(LoopVerifier.violations(of: kernel) == [])
  }
}
