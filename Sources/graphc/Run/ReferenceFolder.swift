import SourceText
import TensorFiles

/// A folder of `.npy` files named like values of a network, as `run` writes outputs: inputs, outputs, and
/// what lies between.
struct ReferenceFolder {
  let path: String
  /// By the names of the values, in the order of the names of the files.
  let tensors: [(name: String, file: String, tensor: StoredTensor)]

  /// Reads every `.npy` file of the folder; others are left alone.
  init(_ path: String) throws(TensorFileError) {
    self.path = path
    var tensors: [(name: String, file: String, tensor: StoredTensor)] = []
    for file in try FolderListing(path).files {
      guard let name = OutputFiles.name(ofFile: file) else { continue }
      tensors.append((name, "\(path)/\(file)", try NumpyFile.read("\(path)/\(file)")))
    }
    self.tensors = tensors
  }

  subscript(name: String) -> StoredTensor? { tensors.first { $0.name == name }?.tensor }

  var byName: [String: StoredTensor] {
    Dictionary(tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
  }
}
