import Testing

@testable import TensorFiles

/// The folder of the repository.
let repository: String = {
  let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
  return parts.dropLast(3).joined(separator: "/")
}()

/// Bytes from hexadecimal digits.
func bytes(hex: String) -> [UInt8] {
  let digits: [Int] = hex.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map { place in
    let (high, low) = (digits[place], digits[place + 1])
    return UInt8(high << 4 | low)
  }
}

func file(_ bytes: [UInt8]) -> MappedFile { MappedFile(bytes: bytes, path: "test") }

/// A folder that is removed when the object goes.
final class ScratchFolder {
  let path: String

  init() {
    let tag = String(UInt64.random(in: .min ... .max), radix: 36)
    path = "/tmp/tensor-files-\(tag)"
    do { try StagedFolder(path).commit() } catch { Issue.record("no scratch folder: \(error)") }
  }

  deinit { removeTree(path) }

  func content(_ name: String) throws -> String {
    try MappedFile(path: path + "/" + name).withBytes { String(decoding: $0, as: UTF8.self) }
  }
}

/// The headline of the error that `body` throws, nil if it throws none.
func refusal(_ body: () throws(TensorFileError) -> Void) -> String? {
  do throws(TensorFileError) {
    try body()
    return nil
  } catch {
    return error.headline
  }
}
