import Foundation
import GraphCompiler
import KernelRunner
import LoopIR
import SourceText
import Testing

/// Generated training code of small networks, written to a folder of its own.
struct TrainingCode: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  var settings: [String: Int] = [:]
  /// Values by which `backward` computes gradients, besides parameters.
  var targets: [String] = []

  var testDescription: String { name }

  static let all = [
    shipped("xyz_product", targets: ["x", "y", "z"]), shipped("cos_sin_x2", targets: ["x"]),
    shipped("perceptron"),
    shipped("xor_mlp"), shipped("mlp_3_2_2", targets: ["x"]),
    shipped("lenet5", ["N": 2], targets: ["image"]), everything,
  ]

  private static func shipped(
    _ name: String, _ settings: [String: Int] = [:], targets: [String] = []
  ) -> TrainingCode {
    let url = GeneratedNetwork.graphs.appendingPathComponent("\(name).graph")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    return TrainingCode(name: name, text: text, settings: settings, targets: targets)
  }

  /// All kinds of state and chance: running statistics, dropout, both moments of Adam, frozen and clipped gradients, every
  /// initializer.
  static let everything = TrainingCode(
    name: "everything",
    text: """
      graph everything(N = 3) {
        input image: f32[N, 2, 9, 9]
        param a: f32[5, 4, 3, 3] = orthogonal()
        param b: f32[7, 3] = orthogonal()
        param c: f32[11, 7] = normal(0.1, 0.5)
        param d: f32[11] = uniform(-0.25, 0.5)
        param e: f32[5] = constant(0.3)
        param f: f32[5] = ones()
        param g: f32[7] = [1, -2, 3e-5, 0.1, 7, -0.5, 0]
        x = image -> conv(4, kernel: 3, stride: 2) -> batch_norm -> relu
        y = conv(x, a, e, pad: 1) * reshape(f, [1, 5, 1, 1]) -> maxpool(2) -> dropout(0.4) -> flatten -> fc(3) -> tanh
        z = matmul(y, transpose(b, perm: [1, 0])) + g -> gelu
        scores = fc(z, c, d)
        output probabilities = softmax(scores)
        train {
          input label: i32[N]
          minimize cross_entropy(scores, label, label_smoothing: 0.1) + 0.01 * reduce_sum(abs(c), keep: false)
          with adamw(rate: 0.01, weight_decay: 0.1)
          clip norm(0.5)
          accumulate batches(2)
          freeze conv1.weight
        }
      }
      """, targets: ["image"])

  func graph() throws -> Graph {
    var options = GraphParser.Options()
    options.settings = settings
    return try GraphParser.parse(SourceFile(path: "\(name).graph", text: text), options: options).graph
  }

  /// Compiled once for all tests.
  func compilation() throws -> TrainingCompilation {
    guard let place = Self.all.firstIndex(where: { $0.name == name }) else { return try compiled() }
    return try Self.compilations[place].get()
  }

  private static let compilations: [Result<TrainingCompilation, any Error>] = all.map { code in
    Result { try code.compiled() }
  }

  private func compiled() throws -> TrainingCompilation {
    try TrainingCompilation(
      TrainingPlan(graph(), gradientsBy: targets), registers: InstructionSet.all.map(\.registers))
  }

  /// Writes everything that is emitted; the paths of the C sources.
  func write(_ compilation: TrainingCompilation, to folder: TemporaryFolder) throws -> [String] {
    let bundle = TrainingBundle(compilation, SourceBundle.Options(sourceName: "\(name).graph"))
    for file in bundle.files { try folder.write(file.path, file.contents) }
    return bundle.files.map(\.path).filter { $0.hasSuffix(".c") }.map {
      folder.url.appendingPathComponent($0).path
    }
  }
}

extension TrainingCode {
  /// The sources with the kernels for some families of processors left out, which takes most of the time of the C
  /// compiler: a function that is called nevertheless ends the program.
  func replacing(
    _ families: [String], in sources: [String], _ compilation: TrainingCompilation, _ folder: TemporaryFolder
  ) throws -> [String] {
    let functions = families.flatMap { family in compilation.functions.map { "\(name)_\($0.name)_\(family)" } }
    let stubs = functions.map { "void \($0)(void);\nvoid \($0)(void) { __builtin_trap(); }\n" }
    let path = try folder.write("stubs.c", Array(stubs.joined().utf8)).path
    return sources.filter { source in !families.contains { source.hasSuffix("_\($0).c") } } + [path]
  }
}

extension HostProcessor {
  /// The families whose code this processor leaves alone.
  fileprivate static var otherInstructionSets: [String] {
    InstructionSet.all.map(\.name).filter { $0 != instructionSet }
  }
}

/// Training code under strict compilers and sanitizers.
@Suite struct TrainingCodeTests {
  @Test(arguments: TrainingCode.all, StrictCompilationTests.compilers)
  func compilesWithoutAWarning(_ code: TrainingCode, by compiler: Tool) throws {
    let folder = try TemporaryFolder()
    let include = folder.url.appendingPathComponent("include").path
    for source in try code.write(code.compilation(), to: folder) {
      let result = try compiler.run(
        StrictCompilationTests.warnings + ["-fsyntax-only", "-I", include, source])
      #expect(result.status == 0, "\(result.output)")
      #expect(!result.output.contains("warning"), "\(result.output)")
    }
  }

  /// Every function on random inputs, twice from the same seed: no stray access, nothing undefined, the same bits.
  @Test(arguments: TrainingCode.all)
  func runsCleanUnderSanitizers(_ code: TrainingCode) throws {
    let folder = try TemporaryFolder()
    guard let compiler = try StrictCompilationTests.sanitizer(in: folder) else { return }
    let compilation = try code.compilation()
    let sources = try code.write(compilation, to: folder)
    let driver = try folder.write("main.c", Array(TrainingMain(code.name, compilation).text.utf8)).path
    let executable = folder.url.appendingPathComponent("main").path
    let linked = try code.replacing(HostProcessor.otherInstructionSets, in: sources, compilation, folder)
    let options = [
      "-std=c11", "-O0", "-I", folder.url.appendingPathComponent("include").path, "-o", executable, driver,
    ]
    let built = try compiler.run(StrictCompilationTests.sanitizing + options + linked)
    try #require(built.status == 0, "\(built.output)")
    let result = try Tool(path: executable).run([])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output == "")
  }

  /// What C draws is what graphc draws, whatever the compiler may do.
  @Test(
    arguments: StrictCompilationTests.compilers, [["-O0"], ["-O3", "-march=native", "-ffp-contract=fast"]])
  func parametersBeginWithTheSameBits(_ compiler: Tool, _ options: [String]) throws {
    let (code, folder) = (TrainingCode.everything, try TemporaryFolder())
    let compilation = try code.compilation()
    let sources = try code.write(compilation, to: folder)
    let driver = """
      #include <stdio.h>
      #include <stdlib.h>
      #include "everything.h"
      int main(void) {
        everything_state *state = aligned_alloc(64, sizeof *state);
        void *arena = aligned_alloc(64, (EVERYTHING_ARENA_BYTES + 63) / 64 * 64);
        everything_init_random(state, UINT64_C(0x123456789abcdef), arena);
        for (int i = 0; i < EVERYTHING_PARAMETER_COUNT; i++) {
          const everything_tensor *tensor = &everything_parameter_table[i];
          const uint32_t *words = (const uint32_t *)(const void *)((const char *)state + tensor->offset);
          for (size_t k = 0; k < tensor->count; k++) printf("%u\\n", words[k]);
        }
        int result = everything_check(&state->parameters);
        free(state);
        free(arena);
        return result;
      }
      """
    let executable = folder.url.appendingPathComponent("main").path
    let main = try folder.write("main.c", Array(driver.utf8)).path
    let include = folder.url.appendingPathComponent("include").path
    let object = folder.url.appendingPathComponent("init.o").path
    let source = try #require(sources.first { $0.hasSuffix("_init.c") })
    let compiled = try compiler.run(options + ["-I", include, "-c", "-o", object, source])
    try #require(compiled.status == 0, "\(compiled.output)")
    let allSets = HostProcessor.otherInstructionSets + [HostProcessor.instructionSet]
    let others = try code.replacing(allSets, in: sources.filter { $0 != source }, compilation, folder)
    let built = try compiler.run(["-O0", "-I", include, "-o", executable, main, object] + others)
    try #require(built.status == 0, "\(built.output)")
    let result = try Tool(path: executable).run([])
    #expect(result.status == 0)
    let graph = try code.graph()
    let expected = graph.parameters.flatMap { value -> [UInt32] in
      let info = graph[value]
      guard case .parameter(let source) = info.source else { return [] }
      let data =
        if case .initializer(let initializer) = source {
          initializer.sample(info.type, name: info.name, seed: 0x123_4567_89ab_cdef)
        } else {
          source.data(info.name, info.type)
        }
      return data.doubles.map { Float($0).bitPattern }
    }
    #expect(result.output.split(separator: "\n").map { UInt32($0) ?? 0 } == expected)
  }

  @Test func everyBackwardKernelSaysWhatItIs() throws {
    let folder = try TemporaryFolder()
    let code = TrainingCode.all[5]
    _ = try code.write(code.compilation(), to: folder)
    let text = try String(contentsOf: folder.url.appendingPathComponent("lenet5_avx2.c"), encoding: .utf8)
    let parts = text.components(separatedBy: "\nKERNEL void ")
    #expect(parts.count > 40)
    for (before, kernel) in zip(parts, parts.dropFirst()) {
      let comment = before.split(separator: "\n").reversed().prefix { $0.hasPrefix("//") }
      let name = kernel.prefix { $0 != "(" }
      #expect(comment.contains { $0.hasPrefix("//   ") && $0.contains("] = ") }, "no equation above \(name)")
      // What an optimizer does belongs to no line.
      let isNamed = comment.contains { $0.contains("(lenet5.graph:") || $0.contains(".update.") }
      #expect(isNamed || name.hasPrefix("copy") || name.hasPrefix("cast"), "no line above \(name)")
    }
  }
}

/// A C program that trains a network on random inputs, every buffer allocated by itself.
private struct TrainingMain {
  let text: String

  init(_ name: String, _ compilation: TrainingCompilation) {
    let upper = name.uppercased()
    let hasState = !compilation.plan.parameters.isEmpty
    var lines = [
      "#include <stdio.h>", "#include <stdlib.h>", "#include <string.h>", "#include \"\(name).h\"",
      "static unsigned draw = 1;",
      "static double number(void) { draw = draw * 1664525u + 1013904223u; return (draw >> 8) / 8388608.0 - 1.0; }",
      "static void run(\(hasState ? "\(name)_state *state" : "void")) {",
      "  draw = 1;", "  void *arena = aligned_alloc(64, (\(upper)_ARENA_BYTES + 127) / 64 * 64);",
    ]
    if hasState { lines.append("  \(name)_init_random(state, 7, arena);") }
    for function in compilation.functions {
      lines += Self.call(function, name, memory: hasState)
    }
    if hasState {
      lines += [
        "  \(name)_seal(&state->parameters);", "  if (\(name)_check(&state->parameters)) exit(3);",
        "  \(name)_state *copy = aligned_alloc(64, sizeof *copy);",
        "  \(name)_init(copy, &state->parameters);",
        "  free(copy);",
      ]
    }
    lines += ["  free(arena);", "}", "int main(void) {"]
    if hasState {
      lines += [
        "  \(name)_state *a = aligned_alloc(64, sizeof *a), *b = aligned_alloc(64, sizeof *b);", "  run(a);",
        "  run(b);", "  int differ = memcmp(a, b, sizeof *a) != 0;", "  free(a);", "  free(b);",
        "  return differ;", "}",
      ]
    } else {
      lines += ["  run();", "  return 0;", "}"]
    }
    text = lines.joined(separator: "\n") + "\n"
  }

  /// Three calls of a function, on new numbers each time.
  private static func call(_ function: TrainingCompilation.Function, _ name: String, memory: Bool) -> [String]
  {
    var lines = ["  for (int call = 0; call < 3; call++) {"]
    var arguments = memory ? [function.changesState ? "state" : "&state->parameters"] : []
    var names: [String] = []
    for role in [Buffer.Role.input, .output] {
      for buffer in function.program.buffers where buffer.role == role {
        let (type, count, variable) = (
          buffer.type.element.cName, max(1, buffer.type.count), "b\(names.count)"
        )
        names.append(variable)
        lines.append("    \(type) *\(variable) = malloc(\(count) * sizeof(\(type)));")
        if role == .output { continue }
        let value = buffer.type.element.isFloatingPoint ? "number()" : "(number() > 0)"
        lines.append("    for (int i = 0; i < \(count); i++) \(variable)[i] = (\(type))\(value);")
      }
    }
    arguments += names + ["arena"]
    lines.append("    \(name)_\(function.name)(\(arguments.joined(separator: ", ")));")
    return lines + names.map { "    free(\($0));" } + ["  }"]
  }
}
