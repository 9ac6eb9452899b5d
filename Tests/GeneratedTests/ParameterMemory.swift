import Foundation

/// The bytes of a `.weights` file at a multiple of 64 bytes, as an app would map them.
final class ParameterMemory {
  let bytes: UnsafeMutableRawBufferPointer

  init(_ network: String) throws {
    let url = GeneratedNetwork.generated.appendingPathComponent("\(network)/\(network).weights")
    let contents = Array(try Data(contentsOf: url))
    bytes = .allocate(byteCount: contents.count, alignment: 64)
    bytes.copyBytes(from: contents)
  }

  deinit { bytes.deallocate() }

  /// The block as the generated functions take it. The generated `…_check` says whether it is one.
  var block: OpaquePointer? { bytes.baseAddress.map { OpaquePointer($0) } }
}

/// Runs a network's C: gives it an arena, and an array for its one output.
func outputs(
  _ count: Int, arenaBytes: Int, _ run: (UnsafeMutablePointer<Float>, UnsafeMutableRawPointer) -> Void
) -> [Float] {
  let arena = UnsafeMutableRawBufferPointer.allocate(byteCount: max(64, arenaBytes), alignment: 64)
  defer { arena.deallocate() }
  return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
    guard let result = buffer.baseAddress, let memory = arena.baseAddress else { return }
    run(result, memory)
    initialized = count
  }
}
