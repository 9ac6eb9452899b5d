import Foundation
import GraphCompiler
import LoopIR
import TensorFiles

/// A network's generated C, compiled by the machine's C compiler and loaded into this process.
package final class CompiledNetwork {
  package let program: Program
  private let library: UnsafeMutableRawPointer
  private let entry: @convention(c) (UnsafePointer<UnsafeMutableRawPointer?>) -> Void
  private let parameters: AlignedMemory
  private let arena: AlignedMemory

  /// Compiles the bundle in a temporary folder, which is gone afterwards.
  package init(_ program: Program, optimization: String = "-O2") throws(CCompiler.Failure) {
    self.program = program
    let bundle = SourceBundle(program, SourceBundle.Options(sourceName: "\(program.name).graph"))
    let compiler = try CCompiler.find()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("graphc-\(UUID().uuidString)")
    UnfinishedOutputs.add(folder.path)
    defer {
      try? FileManager.default.removeItem(at: folder)
      UnfinishedOutputs.remove(folder.path)
    }
    let path = try Self.build(program, bundle, compiler, in: folder, optimization)
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(library, "graphc_entry_forward")
    else {
      throw CCompiler.Failure(
        kind: .rejected, description: "cannot load the compiled kernels: \(String(cString: dlerror()))")
    }
    self.library = library
    entry = unsafeBitCast(symbol, to: (@convention(c) (UnsafePointer<UnsafeMutableRawPointer?>) -> Void).self)
    parameters = AlignedMemory(bundle.weights ?? [])
    arena = AlignedMemory(byteCount: program.arenaByteCount)
  }

  deinit { dlclose(library) }

  private static func build(
    _ program: Program, _ bundle: SourceBundle, _ compiler: CCompiler, in folder: URL, _ optimization: String
  ) throws(CCompiler.Failure) -> String {
    let target = HostProcessor.instructionSet
    let stem = Names.identifier(program.name)
    var sources: [String] = []
    do {
      let include = folder.appendingPathComponent("include")
      try FileManager.default.createDirectory(at: include, withIntermediateDirectories: true)
      for file in bundle.files where !file.path.hasSuffix(".weights") {
        try Data(file.contents).write(to: folder.appendingPathComponent(file.path))
      }
      let driver = folder.appendingPathComponent("entry.c")
      try Data(bundle.entryPoint(program, target).utf8).write(to: driver)
      sources = [driver.path, folder.appendingPathComponent("\(stem)_\(target).c").path]
    } catch {
      throw CCompiler.Failure(kind: .missing, description: "cannot write to the temporary folder: \(error)")
    }
    let library = folder.appendingPathComponent("kernels.so").path
    let include = folder.appendingPathComponent("include").path
    try compiler.link(sources, include: include, to: library, options: [optimization])
    return library
  }

  /// Runs the network. Inputs are in the order of the program's inputs, in row-major order, of exactly the declared size;
  /// so are the results.
  package func run(_ inputs: [[UInt8]]) -> [[UInt8]] {
    let inputMemory = inputs.map { AlignedMemory($0) }
    let outputs = program.buffers.filter { $0.role == .output }
    let outputMemory = outputs.map { AlignedMemory(byteCount: $0.type.byteCount) }
    var pointers: [UnsafeMutableRawPointer?] = [parameters.pointer]
    pointers += (inputMemory + outputMemory).map(\.pointer)
    pointers.append(arena.pointer)
    // The C code knows addresses only; without this, the optimizer may free the memory behind them before the call.
    return withExtendedLifetime((self, inputMemory, outputMemory)) {
      entry(pointers)
      return zip(outputs, outputMemory).map { $1.bytes($0.type.byteCount) }
    }
  }
}

extension CompiledNetwork {
  /// The same by name. Every input must be there, of the declared type.
  package func run(_ inputs: [String: TensorData]) -> [String: TensorData] {
    let buffers = program.buffers.filter { $0.role == .input }
    let results = run(buffers.map { inputs[$0.name]?.bytes ?? [] })
    let outputs = program.buffers.filter { $0.role == .output }
    return Dictionary(
      zip(outputs, results).map { ($0.name, TensorData($0.type, bytes: $1)) },
      uniquingKeysWith: { first, _ in first })
  }
}

/// Memory at a multiple of 64 bytes.
private final class AlignedMemory {
  let pointer: UnsafeMutableRawPointer

  init(byteCount: Int) {
    pointer = .allocate(byteCount: max(byteCount, 1), alignment: SourceBundle.alignment)
  }

  convenience init(_ bytes: [UInt8]) {
    self.init(byteCount: bytes.count)
    pointer.copyMemory(from: bytes, byteCount: bytes.count)
  }

  func bytes(_ count: Int) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: pointer, count: count))
  }

  deinit { pointer.deallocate() }
}
