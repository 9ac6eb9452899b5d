import Foundation
import GraphCompiler
import LoopIR
import TensorFiles

/// Generated C, compiled by the machine's C compiler for this machine and loaded into this process.
final class KernelLibrary {
  /// Takes all pointers of a function's interface as a table.
  typealias Entry = @convention(c) (UnsafePointer<UnsafeMutableRawPointer?>) -> Void

  private let handle: UnsafeMutableRawPointer

  /// Compiles in a temporary folder, which is gone afterwards.
  /// - Parameters:
  ///   - name: of the graph.
  ///   - entryPoints: C source of functions `graphc_entry_NAME`.
  init(
    _ name: String, _ files: [GeneratedFile], entryPoints: String, _ optimization: String
  ) throws(CCompiler.Failure) {
    let compiler = try CCompiler.find()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("graphc-\(UUID().uuidString)")
    UnfinishedOutputs.add(folder.path)
    defer {
      try? FileManager.default.removeItem(at: folder)
      UnfinishedOutputs.remove(folder.path)
    }
    let path = try Self.build(name, files, entryPoints, compiler, in: folder, optimization)
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else { throw Self.failure }
    self.handle = handle
  }

  deinit { dlclose(handle) }

  func entry(_ name: String) throws(CCompiler.Failure) -> Entry {
    guard let symbol = dlsym(handle, "graphc_entry_\(name)") else { throw Self.failure }
    return unsafeBitCast(symbol, to: Entry.self)
  }

  private static var failure: CCompiler.Failure {
    CCompiler.Failure(
      kind: .rejected, description: "cannot load the compiled kernels: \(String(cString: dlerror()))")
  }

  private static func build(
    _ name: String, _ files: [GeneratedFile], _ entryPoints: String, _ compiler: CCompiler,
    in folder: URL, _ optimization: String
  ) throws(CCompiler.Failure) -> String {
    let stem = Names.identifier(name)
    let include = folder.appendingPathComponent("include")
    let driver = folder.appendingPathComponent("entry.c")
    do {
      try FileManager.default.createDirectory(at: include, withIntermediateDirectories: true)
      for file in files where !file.path.hasSuffix(".weights") {
        try Data(file.contents).write(to: folder.appendingPathComponent(file.path))
      }
      try Data(entryPoints.utf8).write(to: driver)
    } catch {
      throw CCompiler.Failure(kind: .missing, description: "cannot write to the temporary folder: \(error)")
    }
    let kernels = folder.appendingPathComponent("\(stem)_\(HostProcessor.instructionSet).c").path
    let library = folder.appendingPathComponent("kernels.so").path
    try compiler.link([driver.path, kernels], include: include.path, to: library, options: [optimization])
    return library
  }
}

/// Memory at a multiple of 64 bytes.
final class AlignedMemory {
  let bytes: UnsafeMutableRawBufferPointer
  let pointer: UnsafeMutableRawPointer

  init(byteCount: Int) {
    pointer = .allocate(byteCount: max(byteCount, 1), alignment: SourceBundle.alignment)
    bytes = UnsafeMutableRawBufferPointer(start: pointer, count: byteCount)
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
