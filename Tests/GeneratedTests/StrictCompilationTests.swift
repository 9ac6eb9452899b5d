import Foundation
import GraphCompiler
import LoopIR
import Testing

/// Generated C under the strictest eyes that the machine has.
@Suite(.serialized) struct StrictCompilationTests {
  static let compilers = ["gcc", "clang"].compactMap(Tool.find)
  static let warnings = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic"]

  @Test func aCompilerIsThere() {
    #expect(!Self.compilers.isEmpty, "install gcc or clang")
  }

  @Test(arguments: GeneratedNetwork.all, compilers)
  func compilesWithoutAWarning(_ network: GeneratedNetwork, by compiler: Tool) throws {
    for source in try Self.sources(network) {
      let include = network.folder.appendingPathComponent("include").path
      let result = try compiler.run(Self.warnings + ["-fsyntax-only", "-I", include, source])
      #expect(result.status == 0, "\(result.output)")
      #expect(!result.output.contains("warning"), "\(result.output)")
    }
  }

  /// Random inputs through a build that traps every stray access and every undefined operation.
  @Test(arguments: GeneratedNetwork.all)
  func runsCleanUnderSanitizers(_ network: GeneratedNetwork) throws {
    let folder = try TemporaryFolder()
    guard let compiler = try Self.sanitizer(in: folder) else { return }
    let program = try network.programs()[0]
    let driver = try folder.write("main.c", Array(SanitizedMain(program, network).text.utf8))
    let executable = folder.url.appendingPathComponent("main").path
    let include = network.folder.appendingPathComponent("include").path
    let options = Self.sanitizing + ["-std=c11", "-O0", "-I", include, "-o", executable, driver.path]
    let built = try compiler.run(options + Self.sources(network))
    try #require(built.status == 0, "\(built.output)")
    let result = try Tool(path: executable).run([])
    #expect(result.status == 0)
    #expect(result.output == "")
  }

  static let sanitizing = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]

  /// The last compiler that links sanitizers here: clang, which is several times as fast with them.
  static func sanitizer(in folder: TemporaryFolder) throws -> Tool? {
    let source = try folder.write("probe.c", Array("int main(void) { return 0; }\n".utf8)).path
    let probe = folder.url.appendingPathComponent("probe").path
    return try compilers.reversed().first { try $0.run(sanitizing + ["-o", probe, source]).status == 0 }
  }

  private static func sources(_ network: GeneratedNetwork) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: network.folder.path).filter { $0.hasSuffix(".c") }
      .sorted()
      .map { network.folder.appendingPathComponent($0).path }
  }
}

/// A C program that runs a network on random inputs, every buffer allocated by itself.
private struct SanitizedMain {
  let text: String

  init(_ program: Program, _ network: GeneratedNetwork) {
    let name = network.name
    var lines = ["#include <stdio.h>", "#include <stdlib.h>", "#include \"\(name).h\""]
    lines += ["int main(void) {", "  unsigned state = 1;"]
    var arguments: [String] = []
    if program.buffers.contains(where: { $0.role == .parameter }) {
      let path = network.folder.appendingPathComponent("\(name).weights").path
      lines += [
        "  \(name)_parameters *parameters = aligned_alloc(64, sizeof(*parameters));",
        "  FILE *file = fopen(\"\(path)\", \"rb\");",
        "  if (!file || fread(parameters, sizeof(*parameters), 1, file) != 1) return 2;",
        "  fclose(file);",
        "  if (\(name)_check(parameters)) return 3;",
      ]
      arguments.append("parameters")
    }
    for role in [Buffer.Role.input, .output] {
      for buffer in program.buffers where buffer.role == role {
        let (type, count) = (buffer.type.element.cName, buffer.type.count)
        lines.append("  \(type) *\(buffer.name)_ = malloc(\(count) * sizeof(\(type)));")
        arguments.append("\(buffer.name)_")
        if role == .output { continue }
        lines.append("  for (int i = 0; i < \(count); i++) {")
        lines.append("    state = state * 1664525u + 1013904223u;")
        lines.append("    \(buffer.name)_[i] = (\(type))((state >> 8) / 4194304.0 - 2.0);")
        lines.append("  }")
      }
    }
    let bytes = (program.arenaByteCount + 63) / 64 * 64
    lines.append("  void *arena = aligned_alloc(64, \(max(64, bytes)));")
    lines.append("  \(name)_forward(\((arguments + ["arena"]).joined(separator: ", ")));")
    lines += (arguments + ["arena"]).map { "  free(\($0));" } + ["  return 0;", "}", ""]
    text = lines.joined(separator: "\n")
  }
}
