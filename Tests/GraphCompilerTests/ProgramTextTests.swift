import Foundation
import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// The text of the program means that program.
func expectReadsBack(_ program: Program) throws {
  let text = program.text
  do throws(CompileError) {
    let again = try ProgramParser.parse(SourceFile(path: "printed", text: text), blobs: program.blobs)
    #expect(again == program)
    #expect(again.text == text)
  } catch {
    Issue.record("\(DiagnosticRenderer().render(error.diagnostics))")
  }
}

/// The text of a program reads back as the same program.
@Suite struct ProgramTextTests {
  /// Networks with more work than this have long loops, which take long to read and differ little from those of others.
  private static let mostOperations = 200_000_000

  /// Every network, lowered, and after each of the passes on programs; large ones until they have loops.
  @Test(arguments: NetworkTests.paths) func networksReadBack(path: String) throws {
    let contents = try #require(FileManager.default.contents(atPath: "\(NetworkTests.folder)/\(path)"))
    var graph = try GraphParser.parse(SourceFile(path: path, contents: Array(contents))).graph
    // Folded weights are data, which are long; every other pass leaves initializers alone.
    for pass in Pipeline.inference where pass.name != foldBatchNorm.name { graph = try pass(graph) }
    var program = lowerToProgram(graph)
    try expectReadsBack(program)
    for pass in ProgramPipeline.passes {
      let next = try pass(program)
      if program.operationCount >= Self.mostOperations, !next.kernels.allSatisfy(\.body.isEmpty) { break }
      if next != program { try expectReadsBack(next) }
      program = next
    }
  }

  @Test func everythingHasAText() throws {
    let x = Tensor("x", .f32, [2])
    let y = Tensor("y", .f32, [2])
    let i = Axis("i", 2)
    let kernel = Kernel(
      name: "neg",
      parameters: [
        .init(x, layout: .plain(rank: 1), role: .read), .init(y, layout: .plain(rank: 1), role: .write),
      ],
      equations: [Equation(y, [i], -x[[i]])], schedule: Schedule(), body: [])
    var program = Program(name: "net")
    let halo = Layout(order: [.whole(0)], halos: [.init(before: 1, after: 2)])
    let long = TensorData(TensorType(.f32, [100]), doubles: (0..<100).map(Double.init))
    let numbers = TensorData(TensorType(.i64, [2]), .integers([.min, .max]))
    program.buffers = [
      Buffer(name: "x", type: TensorType(.f32, [2]), layout: .plain(rank: 1), role: .input),
      Buffer(name: "a.0", type: TensorType(.f32, [2]), layout: halo, role: .arena, offset: 64),
      Buffer(
        name: "w", type: TensorType(.f32, [100]), layout: .blocked(rank: 1, dimension: 0, by: 16),
        role: .parameter,
        offset: 64, source: .data(long)),
      Buffer(
        name: "w", type: TensorType(.f32, [4]), layout: .plain(rank: 1), role: .parameter,
        source: .initializer(.uniform(low: -0.5, high: .infinity)), sourceType: TensorType(.f32, [2, 2])),
      Buffer(
        name: "n", type: TensorType(.i64, [2]), layout: .plain(rank: 1), role: .parameter,
        source: .data(numbers)),
      Buffer(name: "x", type: TensorType(.f32, [2]), layout: .plain(rank: 1), role: .output),
    ]
    program.kernels = [kernel, kernel]
    for (step, arguments) in [[0, 1], [1, 5]].enumerated() {
      program.steps.append(
        Step(
          kernel: step, arguments: arguments.map { BufferID($0) },
          provenance: Provenance(
            value: "a.0", operators: ["neg"], statements: ["a = \"q\"\n"], location: "net.graph:3",
            operationCount: 2)))
    }
    (program.arenaByteCount, program.arenaLowerBound) = (128, 64)
    try expectReadsBack(program)
    #expect(program.text.contains("\n  call neg@2(a.0, x@2) {\n"))
    #expect(program.text.contains("\n  parameter w@2: f32[4] from f32[2, 2] = uniform(-0.5, inf)\n"))
  }

  static let start = "program net {\n  input x: f32[3]\n  output y: f32[3]\n"
  static let kernel = "  kernel k {\n    read x: f32[3]\n    write y: f32[3]\n    equation y[i] = x[i]\n  }\n"

  @Test(arguments: [
    ("program {", "expected a name for the program, found '{'"),
    ("program net {", "expected a buffer, a kernel, a call or '}', found end of file"),
    ("program net { }\nx", "expected end of file, found 'x'"),
    (start + "  input x: f32[3]\n}", "expected 'x@2', found 'x'"),
    (start + "  parameter w: f32[3] = he()\n}", "no initializer is called 'he' here"),
    (start + "  parameter w: f32[3] = uniform(1)\n}", "expected 2 numbers for 'uniform', found 1"),
    (start + "  parameter w: f32[3] = [1, 2]\n}", "expected a literal of shape [3] for f32[3], found [2]"),
    (
      start + "  parameter w: f32[3] from f32[4] = 1\n}",
      "expected as many elements as f32[3] has, found f32[4]"
    ),
    (start + "  parameter w: f32[300] = data(\"0123\")\n}", "the elements of 'f32[300]' are not in the text"),
    (
      start + "  arena a: f32[3] at 9007199254740992\n}",
      "expected at most 1125899906842624 bytes, found 9007199254740992"
    ),
    (
      start + "  registers 8 lanes x 24\n}",
      "expected 16 or 32 registers of 4, 8 or 16 lanes, found 24 of 8"
    ),
    (start + "  threads 65\n}", "expected 1 to 64 threads, found 65"),
    (start + "  arena a: f64[1000000000000]\n}", "tensor has more than 1099511627776 bytes"),
    (start + "  arena a: f32[3] in [0 0]\n}", "layout [0 0] does not fit 'a', f32[3]"),
    (start + kernel + "  call m(x, y) { computes y }\n}", "no kernel is called 'm' here"),
    (start + kernel + "  call k(x, z) { computes y }\n}", "no buffer is called 'z' here"),
    (start + kernel + "  call k(x, y) { y }\n}", "expected 'computes', found 'y'"),
    (start + kernel + "  call k(x) { computes y }\n}", "'k' takes 2 buffers, not 1"),
    (
      start + kernel + "  call k(y, x) { computes y }\n}",
      "'x' as 'y' of 'k' is written, but belongs to the caller"
    ),
    (start + "  parameter w: f32[3]\n}", "'w' is parameter and has no source"),
    (
      start + kernel.replacing("x[i]", with: "x[i+1]") + "}",
      "kernel 'k': 'x[i+1]' reaches 1...3 in dimension 0 of 'x: f32[3]'"
    ),
    (
      start + kernel.replacing("x[i]", with: "x[i*1000000000*1000000000*1000000000]") + "}",
      "position may lie beyond 1152921504606846976"
    ),
    (
      "program net {\n  parameter w: f32[8, 20, 4] from f32[8, 4, 3, 5] by winograd(2, 3, 5) = zeros()\n}",
      "expected a square or a strip of taps, found 3 rows of 5"
    ),
    (
      "program net {\n  parameter w: f32[8, 1, 4] from f32[8, 4, 1, 1] by winograd(4, 1, 1) = zeros()\n}",
      "no points for winograd(4, 1, 1) are known"
    ),
  ])
  func mistakes(_ text: String, _ message: String) {
    var found: [String] = []
    do throws(CompileError) {
      _ = try Representation.parse(SourceFile(path: "net.program", text: text))
    } catch {
      found = error.diagnostics.map(\.message)
    }
    #expect(found == [message])
  }

  /// Programs with some of their words lost, doubled, swapped or replaced end in diagnostics or go through
  /// every pass.
  @Test func damagedPrograms() throws {
    var random = Dice(state: 11)
    let text = try PassTable.run(
      PassTable.lowering, on: .graph(try expandComposites(parse(Self.network).graph))
    ).text
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    let numbers = [
      "0", "-1", "9223372036854775807", "1e308", "inf", "nan", "[", "]", "i", "x", "x[i]",
      "f32[1099511627776]", "@2", "in",
    ]
    var sound = 0
    for _ in 0..<300 {
      var mutant = words
      let (a, b) = (
        Int.random(in: 0..<words.count, using: &random), Int.random(in: 0..<words.count, using: &random)
      )
      switch Int.random(in: 0..<4, using: &random) {
      case 0: mutant.remove(at: a)
      case 1: mutant.insert(mutant[a], at: b)
      case 2: mutant.swapAt(a, b)
      default: mutant[a] = Substring(numbers[b % numbers.count])
      }
      let file = SourceFile(path: "mutant.program", text: mutant.joined(separator: " "))
      guard var program = try? Representation.parse(file) else { continue }
      sound += 1
      for pass in ProgramPipeline.passes {
        guard let next = try? PassTable.run(pass.name, on: program) else { break }
        program = next
      }
      _ = try program.source()
    }
    #expect(sound > 0)
  }

  static let network = """
    graph net {
      input x: f32[1, 2, 6, 6]
      a = x -> conv(20, kernel: 3, pad: 1) -> relu -> maxpool(2) -> flatten -> fc(40) -> softmax
      output y = a * 2
    }
    """

  @Test func deepExpressionsAreNotReadBack() throws {
    let graph = try parse("graph net {\n  input x: f32[2]\n  output y = x -> neg * 600\n}").graph
    #expect(try Compilation(graph).program.steps.count > 1)
  }
}
