import TensorFiles

/// Outputs as `.npy` files.
enum OutputFiles {
  /// Writes all or none.
  static func write(
    _ outputs: [(name: String, tensor: StoredTensor)], to folder: String
  ) throws(TensorFileError) {
    let staged = try StagedFolder(folder)
    for (name, tensor) in outputs {
      try staged.write(fileName(name), bytes: NumpyFile.encode(try tensor.forNumpy()))
    }
    try staged.commit()
  }

  /// `gpu_0/softmax_1` goes to `gpu_0%2Fsoftmax_1.npy`: bytes outside of `[A-Za-z0-9_.-]` and a leading dot
  /// are written as `%XX`, so that names neither leave the folder nor hide in it.
  static func fileName(_ name: String) -> String {
    var text = ""
    for (place, byte) in name.utf8.enumerated() {
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "_", "-": true
        case ".": place > 0
        default: false
        }
      if isPlain {
        text.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return text + ".npy"
  }

  /// The name of which `fileName` made this one; nil where it is no `.npy` file.
  static func name(ofFile file: String) -> String? {
    guard file.hasSuffix(".npy") else { return nil }
    var (bytes, rest) = ([UInt8](), file.utf8.dropLast(4))
    while let byte = rest.popFirst() {
      let digits = String(rest.prefix(2)) ?? ""
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let escaped = UInt8(digits, radix: 16) {
        bytes.append(escaped)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension StoredTensor {
  /// NumPy knows no bfloat16.
  fileprivate func forNumpy() throws(TensorFileError) -> StoredTensor {
    element == .bf16 ? try converted(to: .f32) : self
  }
}
