import TensorFiles

/// Any bytes as a `.npy` file: a tensor or an error. What is written of a tensor reads back to the same tensor.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let contents = Array(UnsafeBufferPointer(start: bytes, count: count))
  guard let tensor = try? NumpyFile.read(MappedFile(bytes: contents)) else { return 0 }
  guard let again = try? NumpyFile.read(MappedFile(bytes: NumpyFile.encode(tensor))) else {
    preconditionFailure("a tensor that was written does not read back")
  }
  precondition(again.shape == tensor.shape && again.element == tensor.element, "another type was read back")
  precondition(again.bytes == tensor.bytes, "other elements were read back")
  _ = try? tensor.converted(to: .f32)
  return 0
}
