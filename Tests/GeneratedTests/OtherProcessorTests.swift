import Foundation
import GraphCompiler
import KernelRunner
import LoopIR
import Testing

/// The same C on processors that this machine is not: cross-compiled without any library, run by emulators, and
/// compared with the reference interpreter.
@Suite(.serialized) struct OtherProcessorTests {
  private static let networks = ["lenet5", "signal1d"]

  @Test(arguments: Emulation.all, networks)
  func agreesWithTheInterpreter(_ emulation: Emulation, _ name: String) throws {
    guard let machine = emulation.machine else { return }
    let network = try #require(GeneratedNetwork.all.first { $0.name == name })
    let case_ = try EmulatedRun(network)
    let folder = try TemporaryFolder()
    var options = SourceBundle.Options(sourceName: "\(name).graph")
    options.embedsWeights = true
    let files = SourceBundle(try network.programs(), options).files.filter { !$0.path.hasSuffix(".weights") }
    for file in files { try folder.write(file.path, file.contents) }
    try folder.write("driver.c", Array(case_.driver.utf8))
    try folder.write("run.mjs", Array(Emulation.nodeScript.utf8))
    let kernels = emulation.kernels.map { ["\(name)_\($0).c"] } ?? []
    let stubs = case_.stubs(besides: emulation.kernels)
    try folder.write("stubs.c", Array(stubs.utf8))
    let rest = files.map(\.path).filter { path in
      path.hasSuffix(".c") && !InstructionSet.all.contains { path.hasSuffix("_\($0.name).c") }
    }
    let built = try machine.compiler.run(
      emulation.options + ["-std=c11", "-O1", "-Iinclude", "-o", "program", "driver.c", "stubs.c"] + kernels + rest,
      in: folder.url)
    try #require(built.status == 0, "\(built.output)")
    let result = try machine.emulator.run(emulation.arguments + ["program"], in: folder.url)
    try #require(result.status == 0, "\(result.output)")
    let got = result.output.split(separator: "\n").compactMap { UInt32($0, radix: 16) }.map { Float(bitPattern: $0) }
    #expect(got.count == case_.expected.count)
    let largest = case_.expected.map(abs).max() ?? 0
    for (got, wanted) in zip(got, case_.expected) {
      #expect(abs(Double(got) - wanted) <= 1e-5 * largest, "\(got) instead of \(wanted)")
    }
  }
}

/// A processor, and the kernels that it must choose.
struct Emulation: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The only ones that are linked: a program that calls others traps.
  let kernels: String?
  let options: [String]
  fileprivate let compilers: [String]
  /// A program that the compiler needs besides.
  fileprivate let linker: String?
  private let emulator: String
  let arguments: [String]

  private static let bare = ["-nostdlib", "-ffreestanding", "-fno-builtin"]

  static let all = [
    Emulation(
      testDescription: "64-bit Arm", kernels: "neon",
      options: bare + ["--target=aarch64-linux-gnu", "-fuse-ld=lld", "-static"], compilers: ["clang"],
      linker: "ld.lld", emulator: "qemu-aarch64", arguments: []),
    Emulation(
      testDescription: "WebAssembly", kernels: "portable",
      options: bare + ["--target=wasm32", "-Wl,--no-entry", "-Wl,--export=start", "-Wl,-z,stack-size=1048576"],
      compilers: ["clang"], linker: "wasm-ld", emulator: "node", arguments: ["run.mjs"]),
    x86("an x86 with AVX2", "avx2", cpu: "Haswell"),
    x86("an x86 with SSE alone", "portable", cpu: "Nehalem"),
  ]

  private static func x86(_ name: String, _ kernels: String, cpu: String) -> Emulation {
    Emulation(
      testDescription: name, kernels: kernels, options: ["-DHOSTED"], compilers: ["clang", "gcc"], linker: nil,
      emulator: "qemu-x86_64", arguments: ["-cpu", cpu])
  }

  /// What compiles and what runs; nil, with the reason printed, where something is missing.
  var machine: (compiler: Tool, emulator: Tool)? {
    #if !arch(x86_64)
      if linker == nil {
        print("skipped: \(testDescription) needs a compiler for x86")
        return nil
      }
    #endif
    guard let compiler = compilers.lazy.compactMap(Tool.find).first, let emulator = Tool.find(emulator),
      linker.map({ Tool.find($0) != nil }) ?? true
    else {
      let needed = compilers.prefix(1) + [linker, self.emulator].compactMap(\.self)
      print("skipped: \(testDescription) needs \(needed.joined(separator: ", "))")
      return nil
    }
    return (compiler, emulator)
  }

  /// Calls `start` of a module, and prints what it puts.
  static let nodeScript = """
    import { readFileSync } from "node:fs";
    let text = "";
    const imports = { env: { put: (word) => { text += (word >>> 0).toString(16) + "\\n"; } } };
    const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), imports);
    instance.exports.start();
    process.stdout.write(text);
    """
}

/// A network on inputs that stand in the program, which prints the bits of its outputs.
private struct EmulatedRun {
  let driver: String
  /// What the interpreter computes, output after output.
  let expected: [Double]
  private let name: String

  init(_ network: GeneratedNetwork) throws {
    name = network.name
    let graph = try network.graph()
    let program = try network.programs()[0]
    let inputs = Verification.randomInputs(graph, seed: 7)
    let results = try Interpreter(graph).run(inputs.mapValues { TensorValues($0) }).outputs
    let outputs = program.buffers.filter { $0.role == .output }
    expected = outputs.flatMap { results[$0.name]?.values ?? [] }
    driver = Self.driver(network.name, program, inputs)
  }

  /// Functions that trap, for the kernels that are not linked.
  func stubs(besides kernels: String?) -> String {
    InstructionSet.all.map(\.name).filter { $0 != kernels }.map { target in
      "void \(name)_forward_\(target)(void);\nvoid \(name)_forward_\(target)(void) { __builtin_trap(); }\n"
    }.joined()
  }

  private static func driver(_ name: String, _ program: Program, _ inputs: [String: TensorData]) -> String {
    var lines = ["#include \"\(name).h\"", ""]
    let hasParameters = program.buffers.contains { $0.role == .parameter }
    var arguments = hasParameters ? ["\(name)_embedded_parameters()"] : []
    for buffer in program.buffers where buffer.role == .input {
      let bytes = inputs[buffer.name]?.bytes ?? []
      let words = bytes.withUnsafeBytes { raw in
        (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self) }
      }
      lines.append("static const uint32_t in_\(buffer.name)[] = {\(words.map { "\($0)u" }.joined(separator: ", "))};")
      arguments.append("(const \(buffer.type.element.cName) *)(const void *)in_\(buffer.name)")
    }
    let outputs = program.buffers.filter { $0.role == .output }
    for buffer in outputs {
      lines.append("static union { \(buffer.type.element.cName) value; uint32_t bits; } "
        + "out_\(buffer.name)[\(buffer.type.count)];")
      arguments.append("&out_\(buffer.name)->value")
    }
    let arena = max(64, program.arenaByteCount)
    lines.append("static unsigned char arena[\(arena)] __attribute__((aligned(64)));")
    lines += [runtime, "static void compute(void) {"]
    lines.append("  \(name)_forward(\((arguments + ["arena"]).joined(separator: ", ")));")
    lines += outputs.map { "  for (int i = 0; i < \($0.type.count); i++) put(out_\($0.name)[i].bits);" }
    lines += ["}", entry]
    return lines.joined(separator: "\n")
  }

  /// Printing a word, and what compilers call by themselves, where there is no library.
  private static let runtime = """
    #if defined(HOSTED)
    #include <stdio.h>
    static void put(uint32_t word) { printf("%x\\n", (unsigned)word); }
    #else
    void *memset(void *to, int byte, size_t count);
    void *memset(void *to, int byte, size_t count) {
      for (volatile unsigned char *p = to; count > 0; count--) *p++ = (unsigned char)byte;
      return to;
    }
    void *memcpy(void *restrict to, const void *restrict from, size_t count);
    void *memcpy(void *restrict to, const void *restrict from, size_t count) {
      const unsigned char *q = from;
      for (volatile unsigned char *p = to; count > 0; count--) *p++ = *q++;
      return to;
    }
    #if defined(__wasm__)
    __attribute__((import_module("env"), import_name("put"))) void put(uint32_t word);
    #else
    static long system_call(long number, long a, long b, long c) {
      register long x8 __asm__("x8") = number;
      register long x0 __asm__("x0") = a;
      register long x1 __asm__("x1") = b;
      register long x2 __asm__("x2") = c;
      __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
      return x0;
    }
    static void put(uint32_t word) {
      char text[9];
      for (int i = 0; i < 8; i++) text[i] = "0123456789abcdef"[word >> (28 - 4 * i) & 15];
      text[8] = '\\n';
      system_call(64, 1, (long)text, 9);
    }
    #endif
    #endif
    """

  private static let entry = """
    #if defined(HOSTED)
    int main(void) { compute(); return 0; }
    #elif defined(__wasm__)
    void start(void);
    void start(void) { compute(); }
    #else
    void _start(void);
    void _start(void) { compute(); system_call(93, 0, 0, 0); }
    #endif

    """
}
