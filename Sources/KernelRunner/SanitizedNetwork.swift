import Foundation
import GraphCompiler

/// A network's generated C in a process of its own, compiled with the address and undefined-behavior
/// sanitizers, or with the thread sanitizer where threads share the work: a stray access, an undefined operation or a
/// race ends it. Every input, output, the parameters and the
/// arena are allocated alone, in exactly their size.
package struct SanitizedNetwork {
  private let program: Program
  private let folder: BuildFolder
  private let parameters: AlignedMemory

  package init(_ program: Program, _ options: BuildOptions) throws(CCompiler.Failure) {
    self.program = program
    let bundle = options.bundle(program)
    parameters = AlignedMemory(byteCount: bundle.weights?.byteCount ?? 0)
    bundle.weights?.copy(to: parameters.bytes)
    folder = try BuildFolder(program.name, bundle.files)
    let main = bundle.mainProgram(program, options.instructionSet)
    let sources = try folder.sources(options, calledBy: main)
    let flags = Self.flags(options)
    let compiler = try Self.compiler(in: folder, flags)
    let optimization = options.optimization(forOperations: program.operationCount)
    try compiler.run(flags + [optimization, "-o", folder.path("network")] + sources)
  }

  private static func flags(_ options: BuildOptions) -> [String] {
    // No compiler has both.
    let sanitizers = options.threads > 1 ? "thread" : "address,undefined"
    return ["-fsanitize=\(sanitizers)", "-fno-sanitize-recover=all", "-g"]
  }

  /// The first compiler of the machine that links the sanitizers.
  private static func compiler(in folder: BuildFolder, _ flags: [String]) throws(CCompiler.Failure) -> CCompiler {
    try folder.write("probe.c", Array("int main(void) { return 0; }\n".utf8))
    for compiler in CCompiler.candidates {
      do throws(CCompiler.Failure) {
        try compiler.run(flags + ["-o", folder.path("probe"), folder.path("probe.c")])
        return compiler
      } catch { continue }
    }
    throw CCompiler.Failure(
      kind: .missing, description: "no C compiler here links what '\(flags[0])' wants")
  }

  /// As `CompiledNetwork.run`.
  /// - Throws: where the code misbehaves, with what the sanitizer says.
  package func run(_ inputs: [[UInt8]]) throws(CCompiler.Failure) -> [[UInt8]] {
    try folder.write("inputs", Array(parameters.bytes) + inputs.flatMap { $0 })
    let process = Process()
    process.executableURL = URL(fileURLWithPath: folder.path("network"))
    process.arguments = [folder.path("inputs"), folder.path("outputs")]
    // Generated code allocates nothing, and looking for leaks needs rights that containers may not give.
    process.environment = ProcessInfo.processInfo.environment.merging([
      "ASAN_OPTIONS": "detect_leaks=0", "TSAN_OPTIONS": "exitcode=66",
    ]) {
      $1
    }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    let said: Data
    do {
      said = try process.runToEnd(reading: pipe)
    } catch {
      throw CCompiler.Failure(kind: .missing, description: "cannot start the compiled network: \(error)")
    }
    if process.terminationReason != .exit || process.terminationStatus != 0 {
      throw CCompiler.Failure(kind: .misbehaved, description: String(decoding: said, as: UTF8.self))
    }
    return try outputs()
  }

  private func outputs() throws(CCompiler.Failure) -> [[UInt8]] {
    let sizes = program.buffers.filter { $0.role == .output }.map(\.type.byteCount)
    let bytes = FileManager.default.contents(atPath: folder.path("outputs")).map(Array.init) ?? []
    guard bytes.count == sizes.reduce(0, +) else {
      throw CCompiler.Failure(
        kind: .misbehaved, description: "the compiled network wrote \(bytes.count) bytes")
    }
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return Array(bytes[start..<start + size])
    }
  }
}
