import Foundation
import GraphCompiler

/// Generated C, compiled by the machine's C compiler for this machine and loaded into this process.
final class KernelLibrary {
  /// Takes all pointers of a function's interface as a table.
  typealias Entry = @convention(c) (UnsafePointer<UnsafeMutableRawPointer?>) -> Void

  private let handle: UnsafeMutableRawPointer
  private let hasThreads: Bool

  /// Compiles in a temporary folder, which is gone afterwards.
  /// - Parameters:
  ///   - name: of the graph.
  ///   - entryPoints: C source with the kernels and functions `graphc_entry_NAME`: one file is compiled faster than two.
  ///   - operations: what will be computed in all, for options that leave the optimization open.
  init(
    _ name: String, _ files: [GeneratedFile], entryPoints: String, _ options: BuildOptions, operations: Int
  ) throws(CCompiler.Failure) {
    let folder = try BuildFolder(name, files)
    let sources = try folder.sources(options, calledBy: entryPoints, driverHasKernels: true)
    let level = options.optimization(forOperations: operations)
    handle = try Self.open(folder, [level, "-fPIC"] + sources, isOneSource: options.threads == 1)
    hasThreads = options.threads > 1
    if hasThreads { try startThreads(options.threads) }
    // The file may go once it is loaded, but not before.
    withExtendedLifetime(folder) {}
  }

  /// Compiles and loads. The compiler starts itself once more where it is to link, too; calling the linker directly saves
  /// about 20 of the 150 ms that one layer takes. It knows no libraries beyond those that this process has: where it is
  /// missing or does not suffice, the compiler links.
  private static func open(
    _ folder: BuildFolder, _ arguments: [String], isOneSource: Bool
  ) throws(CCompiler.Failure) -> UnsafeMutableRawPointer {
    let (object, path) = (folder.path("kernels.o"), folder.path("kernels.so"))
    let compiler = try CCompiler.find()
    var linked = arguments
    if isOneSource, let linker = CCompiler.linker {
      try compiler.run(["-c", "-o", object] + arguments)
      if (try? linker.run(["-shared", "-o", path, object])) != nil, let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) {
        return handle
      }
      linked = [object]
    }
    try compiler.run(["-shared", "-o", path] + linked)
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else { throw failure }
    return handle
  }

  deinit {
    if hasThreads, let symbol = dlsym(handle, "graphc_stop") {
      unsafeBitCast(symbol, to: (@convention(c) () -> Void).self)()
    }
    dlclose(handle)
  }

  private func startThreads(_ count: Int) throws(CCompiler.Failure) {
    guard let symbol = dlsym(handle, "graphc_start") else { throw Self.failure }
    let start = unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
    if start(Int32(count)) < count {
      throw CCompiler.Failure(kind: .missing, description: "cannot start \(count) threads")
    }
  }

  func entry(_ name: String) throws(CCompiler.Failure) -> Entry {
    unsafeBitCast(try symbol("graphc_entry_\(name)"), to: Entry.self)
  }

  /// The address of a function of the library.
  func symbol(_ name: String) throws(CCompiler.Failure) -> UnsafeMutableRawPointer {
    guard let symbol = dlsym(handle, name) else { throw Self.failure }
    return symbol
  }

  private static var failure: CCompiler.Failure {
    CCompiler.Failure(
      kind: .rejected, description: "cannot load the compiled kernels: \(String(cString: dlerror()))")
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
