import TensorFiles

/// Any bytes as a `.safetensors` file: tensors inside of the file, or an error.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let contents = Array(UnsafeBufferPointer(start: bytes, count: count))
  guard let file = try? SafetensorsFile.read(MappedFile(bytes: contents)) else { return 0 }
  for name in file.names {
    guard let tensor = file[name] else { preconditionFailure("'\(name)' is listed but not there") }
    precondition(tensor.byteCount <= count, "a tensor is larger than its file")
    _ = try? tensor.converted(to: .f64)
  }
  return 0
}
