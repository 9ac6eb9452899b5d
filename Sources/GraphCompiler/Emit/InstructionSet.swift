import LoopIR
import SourceText

/// A family of processors that kernels are made and compiled for.
package struct InstructionSet: Hashable, Sendable {
  /// What files, functions and `--target` call it: `avx2`.
  package let name: String
  let title: String
  /// For which tiles are made.
  package let registers: VectorRegisters
  /// Defined where compilers make code for its architecture; nil for any.
  let architecture: String?
  /// Target features as compilers spell them; empty for what every processor of the architecture has.
  let features: [String]
  /// Features of every processor that has those, for which older compilers have no test.
  let impliedFeatures: [String]

  private init(
    _ name: String, _ title: String, lanes: Int, registers count: Int, architecture: String? = nil,
    features: [String] = [], impliedFeatures: [String] = []
  ) {
    guard let registers = VectorRegisters(lanes: lanes, registers: count) else {
      preconditionFailure("no tiles are made for \(count) registers of \(lanes) lanes")
    }
    (self.name, self.title, self.registers) = (name, title, registers)
    self.architecture = architecture
    (self.features, self.impliedFeatures) = (features, impliedFeatures)
  }

  /// Best first: the first that the machine has is used.
  package static let all = [
    InstructionSet(
      "avx512", "x86-64 processors with AVX-512", lanes: 16, registers: 32, architecture: "__x86_64__",
      features: ["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx2", "fma"]),
    InstructionSet(
      "avx2", "x86-64 processors with AVX2 and FMA", lanes: 8, registers: 16, architecture: "__x86_64__",
      features: ["avx2", "fma"], impliedFeatures: ["f16c"]),
    InstructionSet("neon", "64-bit Arm processors", lanes: 4, registers: 32, architecture: "__aarch64__"),
    // Vectors of four numbers are what SSE2 and WebAssembly have.
    InstructionSet("portable", "every processor", lanes: 4, registers: 16),
  ]

  /// The family of that name.
  package static func named(_ name: String) -> InstructionSet? { all.first { $0.name == name } }

  /// Whether only some processors of the architecture can run it.
  var needsTest: Bool { !features.isEmpty }

  /// From here on, functions are compiled for this family.
  func pushTarget(to writer: inout TextWriter) {
    if architecture == nil { return Self.pushWebAssembly(to: &writer) }
    if features.isEmpty { return }
    let all = (features + impliedFeatures).joined(separator: ",")
    writer.line("#if defined(__clang__)")
    Self.pushAttribute(all, to: &writer)
    writer.line("#else")
    writer.line("#pragma GCC target(\"\(all)\")")
    writer.line("#endif")
  }

  func popTarget(to writer: inout TextWriter) {
    if architecture != nil, features.isEmpty { return }
    writer.line(architecture == nil ? "#if defined(__wasm__)" : "#if defined(__clang__)")
    writer.line("#pragma clang attribute pop")
    writer.line("#endif")
  }

  /// A module of WebAssembly has vectors throughout or not at all: nothing can be chosen at run time.
  private static func pushWebAssembly(to writer: inout TextWriter) {
    writer.line("#if defined(__wasm__)")
    pushAttribute("simd128", to: &writer)
    writer.line("#endif")
  }

  private static func pushAttribute(_ features: String, to writer: inout TextWriter) {
    let target = "__attribute__((target(\"\(features)\")))"
    writer.line("#pragma clang attribute push(\(target), apply_to = function)")
  }

  /// `__builtin_cpu_supports("avx2") && …`, a line for each feature.
  var condition: String {
    features.map { "__builtin_cpu_supports(\"\($0)\")" }.joined(separator: "\n    && ")
  }
}
