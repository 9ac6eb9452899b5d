import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// Choices that were measured, as text and in the passes.
@Suite struct TuningTests {
  private static let wide = VectorRegisters.widest

  private func parse(_ text: String) throws(CompileError) -> Tuning {
    try Tuning.parse(SourceFile(path: "net.tune", text: text))
  }

  /// Two convolutions by Winograd's algorithm between others, and a fully connected layer.
  private func network(_ names: [String] = ["image", "a", "b", "c"]) throws -> Graph {
    let text = """
      graph net {
        input \(names[0]): f32[1, 3, 32, 32]
        \(names[0]) -> \(names[1]): conv(32, kernel: 3, pad: 1) -> relu -> \(names[2]): conv(64, kernel: 3, pad: 1) -> relu
          -> maxpool(2) -> \(names[3]): conv(32, kernel: 3, pad: 1) -> relu -> maxpool(2) -> flatten -> y: fc(40)
        output y
      }
      """
    return try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
  }

  /// The network with a choice for every kernel that can have one.
  private func everyChoice(_ word: TuningWord, _ value: Int, _ registers: [VectorRegisters] = [wide]) throws -> Tuning {
    let plain = try Compilation(network(), registers: registers)
    let products = plain.programs.flatMap { program in program.steps.flatMap(program.tuningKeys(of:)) }
    var tuning = Tuning()
    for key in word == .winograd ? plain.tunableConvolutions.map(\.key) : products {
      tuning.choices[key, default: Tuning.Choice()][word] = value
    }
    return tuning
  }

  // MARK: Text

  @Test func theTextReadsBack() throws {
    var tuning = Tuning()
    for (place, word) in TuningWord.allCases.enumerated() {
      let key = Tuning.Key(kernel: "y[i] = \"\(place)\"", registers: word == .winograd ? nil : Self.wide)
      tuning.choices[key] = Tuning.Choice()
      tuning.choices[key]?[word] = 2
      if place > 1 { tuning.choices[key]?.times = Tuning.Times(now: 1.5, before: 12) }
    }
    let narrow = Tuning.Key(kernel: "y[i] = \"4\"", registers: VectorRegisters(lanes: 8, registers: 16))
    tuning.choices[narrow] = Tuning.Choice()
    tuning.choices[narrow]?.schedule = ScheduleChoice(vectors: 1, tile: 7, unroll: 8, prefetch: 0)
    #expect(try parse("// measured\n\n\(tuning.text)") == tuning)
    #expect(
      tuning.text.contains(#"  vectors 1, tile 7, unroll 8, prefetch 0 on 8 lanes x 16: "y[i] = \"4\"""#))
    #expect(tuning.text.contains(#"  prefetch 2 on 16 lanes x 32 (1.5 us, was 12.0 us): "y[i] = \"4\"""#))
    #expect(try parse(Tuning().text).isEmpty)
  }

  @Test(arguments: [
    ("", "expected 'tuning', found end of file", nil),
    ("tuning {", "expected a choice or '}', found end of file", nil),
    ("tuning {\n} more", "expected end of file, found 'more'", nil),
    (
      "tuning {\n tyle 7 on 16 lanes x 32: \"k\"\n}", "nothing to choose is called 'tyle'", "did you mean 'tile'?"
    ),
    (
      "tuning {\n tile 700 on 16 lanes x 32: \"k\"\n}", "expected 1 to 32 pixels for 'tile', found 700",
      "remove the choice, or measure again by 'graphc compile NET --tune'"
    ),
    (
      "tuning {\n unroll 3 on 16 lanes x 32: \"k\"\n}", "expected 2, 4 or 8 terms for 'unroll', found 3",
      "remove the choice, or measure again by 'graphc compile NET --tune'"
    ),
    (
      "tuning {\n vectors 0 on 16 lanes x 32: \"k\"\n}", "expected 1 to 8 vectors for 'vectors', found 0",
      "remove the choice, or measure again by 'graphc compile NET --tune'"
    ),
    ("tuning {\n prefetch -1 on 16 lanes x 32: \"k\"\n}", "expected 0 to 4096 elements for 'prefetch', found '-'", nil),
    (
      "tuning {\n tile 7, tile 8 on 16 lanes x 32: \"k\"\n}", "'tile' is chosen twice", "leave one of them"
    ),
    (
      "tuning {\n tile 7 on 16 lanes x 32: \"k\"\n tile 8 on 16 lanes x 32: \"k\"\n}", "two choices for one kernel",
      "leave one of them"
    ),
    (
      "tuning {\n tile 7: \"k\"\n}", "a choice about loops goes for one kind of registers",
      "say which behind it, such as 'on 16 lanes x 32'"
    ),
    (
      "tuning {\n winograd 2 on 16 lanes x 32: \"k\"\n}",
      "'winograd' goes for all registers, because it decides about weights", "give it a line of its own, without 'on'"
    ),
    (
      "tuning {\n winograd 2, tile 7: \"k\"\n}",
      "'winograd' goes for all registers, because it decides about weights", "give it a line of its own, without 'on'"
    ),
    (
      "tuning {\n tile 7 on 5 lanes x 32: \"k\"\n}",
      "expected 16 or 32 registers of 4, 8 or 16 lanes, found 32 of 5", nil
    ),
    ("tuning {\n winograd 2 (-1 us, was 2 us): \"k\"\n}", "expected microseconds of at least 0", nil),
    ("tuning {\n winograd 2: k\n}", "expected what the kernel computes, found 'k'", nil),
  ] as [(String, String, String?)])
  func mistakes(_ text: String, _ message: String, _ help: String?) throws {
    let error = #expect(throws: CompileError.self) { try parse(text) }
    let first = try #require(error?.diagnostics.first)
    #expect(first.message.hasPrefix(message))
    if let help { #expect(first.help == help) }
    #expect(error?.diagnostics.count == 1)
  }

  @Test func everyMistakeOfAFileIsReported() throws {
    let text = """
      tuning {
        tyle 7 on 16 lanes x 32: "a"
        tile 4 on 16 lanes x 32: "b"
        unroll 5 on 16 lanes x 32: "c"
      }
      """
    let error = #expect(throws: CompileError.self) { try parse(text) }
    #expect(error?.diagnostics.map(\.id) == ["unknown-choice", "choice-range"])
  }

  // MARK: Passes

  @Test(arguments: [(TuningWord.vectors, 1), (.tile, 5), (.unroll, 8), (.prefetch, 256)])
  func aChoiceChangesItsKernelAndNoOther(_ word: TuningWord, _ value: Int) throws {
    let plain = try Compilation(network())
    let all = try everyChoice(word, value)
    var changed: Set<Tuning.Key> = []
    for (key, choice) in all.choices {
      var one = Tuning()
      one.choices[key] = choice
      let tuned = try Compilation(network(), tuning: one)
      #expect(tuned.choiceCount == 1)
      #expect(tuned.program.buffers == plain.program.buffers)
      #expect(tuned.program.steps == plain.program.steps)
      for (place, (old, new)) in zip(plain.program.kernels, tuned.program.kernels).enumerated() where old != new {
        let steps = plain.program.steps.filter { $0.kernel == place }
        #expect(!steps.isEmpty && steps.allSatisfy { plain.program.tuningKeys(of: $0) == [key] })
        #expect(old.schedule != new.schedule)
        changed.insert(key)
      }
    }
    #expect(!changed.isEmpty)
  }

  @Test func theAlgorithmOfAConvolutionIsChosen() throws {
    func algorithms(_ tuning: Tuning, largestError: Double = .infinity) throws -> [String] {
      let program = try Compilation(network(), largestWinogradError: largestError, tuning: tuning).program
      return program.kernels.map(\.name).filter { $0.contains("conv") }
    }
    #expect(try algorithms(Tuning()) == ["conv_relu_1", "conv_relu_winograd4_1", "conv_relu_winograd3_1"])
    for size in [2, 3, 4] {
      let found = try algorithms(everyChoice(.winograd, size))
      #expect(found.filter { $0.contains("conv_relu_winograd\(size)") }.count == 2)
    }
    #expect(try algorithms(everyChoice(.winograd, 0)) == ["conv_relu_1", "conv_relu_2", "conv_relu_3"])
    // What is forbidden stays forbidden.
    #expect(try algorithms(everyChoice(.winograd, 4), largestError: 0) == ["conv_relu_1", "conv_relu_2", "conv_relu_3"])
  }

  @Test func kernelsGoByWhatTheyCompute() throws {
    func keys(_ names: [String]) throws -> [Tuning.Key] {
      let compilation = try Compilation(network(names))
      let program = compilation.program
      return compilation.tunableConvolutions.map(\.key) + program.steps.flatMap(program.tuningKeys(of:))
    }
    #expect(try keys(["image", "a", "b", "c"]) == keys(["x", "first", "second", "third"]))
  }

  /// Also where weights are converted after the loops of Winograd's algorithm were made.
  @Test(arguments: [ElementType.f32, .f16]) func everyKeyIsFoundByThePasses(_ element: ElementType) throws {
    let plain = try Compilation(network(), weightElement: element)
    var tuning = Tuning()
    for key in plain.program.steps.flatMap(plain.program.tuningKeys(of:)) {
      tuning.choices[key, default: Tuning.Choice()][.unroll] = 8
    }
    let tuned = try Compilation(network(), weightElement: element, tuning: tuning)
    #expect(tuned.choiceCount == tuning.choices.count && tuned.choiceCount == 4)
    for step in plain.program.steps where plain.program.kernels[step.kernel].schedule.description.contains(" 4 -> c") {
      #expect(plain.program.kernels[step.kernel].schedule != tuned.program.kernels[step.kernel].schedule)
    }
  }

  @Test func choicesForOtherKernelsDoNothing() throws {
    var tuning = Tuning()
    tuning.choices[Tuning.Key(kernel: "y[i] = x[i]", registers: Self.wide), default: .init()][.tile] = 3
    tuning.choices[Tuning.Key(kernel: "y[i] = x[i]", registers: nil), default: .init()][.winograd] = 2
    let compilation = try Compilation(network(), tuning: tuning)
    #expect(compilation.choiceCount == 0)
    #expect(try compilation.program.kernels == Compilation(network()).program.kernels)
  }

  /// The bundle refuses programs that differ in weights.
  @Test(arguments: [
    (TuningWord.winograd, 2), (.winograd, 0), (.vectors, 1), (.vectors, 4), (.tile, 3), (.unroll, 2), (.prefetch, 0),
  ])
  func allProgramsReadTheSameParameters(_ word: TuningWord, _ value: Int) throws {
    let registers = InstructionSet.all.map(\.registers)
    // Only some of the programs are tuned.
    let tuning = try everyChoice(word, value, [Self.wide, registers[1]])
    let compilation = try Compilation(network(), registers: registers, tuning: tuning)
    #expect(compilation.choiceCount == tuning.choices.count)
    let bundle = SourceBundle(compilation.programs, SourceBundle.Options(sourceName: "net.graph"))
    #expect(bundle.weights != nil)
    let layouts = compilation.programs.map { program in program.buffers.filter { $0.role == .parameter }.map(\.layout) }
    #expect(layouts.allSatisfy { $0 == layouts[0] })
  }
}
