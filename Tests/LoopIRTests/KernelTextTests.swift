import LoopIR
import SourceText
import Testing

@Suite struct KernelTextTests {
  static func kernels(_ text: String) throws -> [Kernel] {
    do throws(CompileError) {
      return try LoopParser.kernels(SourceFile(path: "kernels", text: text))
    } catch {
      Issue.record("\(DiagnosticRenderer().render(error.diagnostics))")
      throw error
    }
  }

  static func kernel(_ equation: Equation, _ schedule: Schedule, _ layout: Layout) throws -> Kernel {
    var parameters: [Kernel.Parameter] = []
    for access in equation.allReads where !parameters.contains(where: { $0.tensor == access.tensor }) {
      parameters.append(.init(access.tensor, layout: .plain(rank: access.tensor.rank), role: .read))
    }
    parameters.append(.init(equation.result, layout: layout, role: .write))
    return Kernel(
      name: "k", parameters: parameters, equations: [equation], schedule: schedule,
      body: try schedule.apply(to: equation))
  }

  @Test(arguments: ExecuteTests.schedules, ExecuteTests.layouts)
  func scheduledConvolution(_ directives: [Schedule.Directive], _ layout: Layout) throws {
    let kernel = try Self.kernel(ExecuteTests.convolution, Schedule(directives), layout)
    #expect(try Self.kernels(kernel.description) == [kernel])
  }

  @Test(arguments: EvaluateTests.equations.map(\.0))
  func equation(name: String) throws {
    let equation = try #require(EvaluateTests.equations.first { $0.0 == name }).1
    let kernel = try Self.kernel(equation, Schedule(), .plain(rank: equation.result.rank))
    #expect(try Self.kernels(kernel.description + kernel.description) == [kernel, kernel])
  }

  @Test func readsWell() throws {
    let kernel = try Self.kernel(
      ExecuteTests.convolution,
      Schedule([.split("o", factor: 3, outer: "o0", inner: "o1"), .vectorize("j")]),
      .blocked(rank: 4, dimension: 1, by: 4))
    #expect(
      kernel.description == """
        kernel k {
          read x: f32[2, 3, 4, 5]
          read w: f32[6, 3, 2, 3]
          read b: f32[6]
          write y: f32[2, 6, 3, 5] in [0 1/4 2 3 1%4]
          axes c < 3, p < 2, q < 3
          equation y[n,o,i,j] = max(sum(c,p,q) x[n,c,i+p,j+q-1 | 0] * w[o,c,p,q] + b[o], 0)
          schedule split o 3 -> o0 o1; vectorize j

          for n in 0..<2, o0 in 0..<2, o1 in 0..<3, i in 0..<3, vector j in 0..<5 {
            var sum: f32 = 0
            for c in 0..<3, p in 0..<2, q in 0..<3 {
              sum = sum + x[n,c,i+p,j+q-1 | 0] * w[o0*3+o1,c,p,q]
            }
            y[n,o0*3+o1,i,j] = max(sum + b[o0*3+o1], 0)
          }
        }

        """)
  }

  @Test func scatterReadsBack() throws {
    let (k, y) = (Axis("k", 4), Tensor("y", .f32, [3, 2]))
    let place = Tensor("p", .i32, [4])
    let scatter = Scatter(
      target: [.value(place[[k]]), .constant(1)], initial: .index(.axis(Axis("c", 2))), combine: .maximum)
    let equation = Equation(y, [k], Tensor("x", .f32, [4])[[k]] * 2, scatter: scatter)
    #expect(equation.description == "y[int(p[k]),1] = x[k] * 2 over k from c by maximum")
    let kernel = try Self.kernel(equation, Schedule(), .plain(rank: 2))
    #expect(try Self.kernels(kernel.description) == [kernel])
  }

  @Test func scheduleReadsBack() throws {
    let text = "split o 16 -> o0 o1; reorder n o0 i j o1; unroll j; vectorize o1; parallel n"
    let schedule = try LoopParser.schedule(SourceFile(path: "schedule", text: text))
    #expect(schedule.directives.count == 5)
    #expect(schedule.description == text)
  }

  @Test(arguments: [
    ("kernel k { read x f32[3] }", "expected ':', found 'f32'"),
    ("kernel k { read x: f33[3] }", "expected an element type, found 'f33'"),
    ("kernel k { read x: f32[3]\n read x: f32[3] }", "tensor 'x' is declared twice"),
    ("kernel k { read x: f32[3000000, 3000000] }", "tensor has more than 1099511627776 elements"),
    ("kernel k { read x: f32[3] in [1] }", "expected a dimension below 1, found 1"),
    ("kernel k { read x: f32[3] in [0/0 0%2] }", "expected a block of 1 to 1099511627776, found 0"),
    ("kernel k { read x: f32[1099511627776] in [0 0] }", "layout has more than 1099511627776 elements"),
    ("kernel k { read x: f32[3] in [0] halo [] }", "expected 1 margins for 'x', found 0"),
    ("kernel k { schedule spilt o 3 -> a b }", "expected a directive, found 'spilt'"),
    ("kernel k { schedule split o 0 -> a b }", "expected a factor of 1 to 1099511627776, found 0"),
    (
      "kernel k { for i in 0..<9999999999999 { } }",
      "expected an extent of at most 1099511627776, found 9999999999999"
    ),
    ("kernel k { for i in 1..<3 { } }", "expected 0, found 1: loops begin at 0"),
    ("kernel k { s = 3 }", "no local is called 's' here"),
    ("kernel k { for i in 0..<3 { var s: f32 = 0 }\n s = 1 }", "no local is called 's' here"),
    ("kernel k { write y: f32[3]\n equation y[i + 1] = 0 }", "no axis is called 'i' here"),
    (
      "kernel k { write y: f32[3]\n axes i < 2\n equation y[i] = 0 }",
      "expected an axis of extent 3 for each dimension of 'y'"
    ),
    ("kernel k {", "expected a statement, found end of file"),
  ])
  func mistakes(_ text: String, _ message: String) {
    var found: [String] = []
    do throws(CompileError) {
      _ = try LoopParser.kernels(SourceFile(path: "kernels", text: text))
    } catch {
      found = error.diagnostics.map(\.message)
    }
    #expect(found == [message])
  }
}
