import Foundation
import SourceText
import Testing

@testable import GraphCompiler

/// Weights in files beside the model.
@Suite struct ONNXExternalDataTests {
  /// A folder with the model's folder `models` in it, removed afterwards.
  private static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("onnx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("models/deep"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let weights = Data([0, 0, 0, 0] + ONNXMessage.littleEndian([1, 2]))
    for place in ["models/w.bin", "models/deep/w.bin", "outside.bin"] {
      try weights.write(to: folder.appendingPathComponent(place))
    }
    try body(folder)
  }

  private static func model(_ folder: URL, _ entries: [(String, String)], shape: [Int] = [2]) -> ONNXTestModel
  {
    let tensor = ONNXMessage.data("y", 1, shape) { tensor in
      for (key, value) in entries {
        var entry = ONNXMessage()
        entry.text(1, key)
        entry.text(2, value)
        tensor.message(13, entry)
      }
      tensor.number(14, 1)
    }
    return ONNXTestModel(
      inputs: [], initializers: [tensor], path: folder.appendingPathComponent("models/m.onnx").path)
  }

  @Test(arguments: ["w.bin", "deep/w.bin", "./w.bin"])
  func readsFilesOfTheFolder(_ location: String) throws {
    try Self.withFolder { (folder: URL) throws in
      let whole = Self.model(folder, [("location", location), ("offset", "4"), ("length", "8")])
      #expect(try whole.data().doubles == [1, 2])
      #expect(try Self.model(folder, [("location", location)]).data().doubles == [0, 1])
    }
  }

  static let refusals: [([(String, String)], String)] = [
    ([], "external data has no location"),
    ([("location", "")], "external data has no location"),
    ([("location", "../outside.bin")], "is outside of the model's folder"),
    ([("location", "deep/../../outside.bin")], "is outside of the model's folder"),
    ([("location", "/etc/passwd")], "is outside of the model's folder"),
    ([("location", "/dev/zero")], "is outside of the model's folder"),
    ([("location", "..\\outside.bin")], "is outside of the model's folder"),
    ([("location", "w.bin\u{0}.txt")], "is outside of the model's folder"),
    ([("location", "link.bin")], "it is outside of the folder"),
    ([("location", "linked/outside.bin")], "it is outside of the folder"),
    ([("location", "zero")], "outside of the folder"),
    ([("location", "deep")], "it is not a regular file"),
    ([("location", "pipe")], "it is not a regular file"),
    ([("location", "none.bin")], "no such file or folder"),
    ([("location", "w.bin"), ("offset", "8")], "does not fit into"),
    ([("location", "w.bin"), ("offset", "9223372036854775807")], "does not fit into"),
    ([("location", "w.bin"), ("offset", "-1")], "expected a number of bytes as offset"),
    ([("location", "w.bin"), ("offset", "99999999999999999999")], "expected a number of bytes as offset"),
    ([("location", "w.bin"), ("length", "4")], "takes 8 bytes, found 4"),
    ([("location", "w.bin"), ("length", "many")], "expected a number of bytes as length"),
  ]

  @Test(arguments: refusals.indices)
  func refusesEverythingElse(_ place: Int) throws {
    let (entries, words) = Self.refusals[place]
    try Self.withFolder { (folder: URL) throws in
      let files = FileManager.default
      let models = folder.appendingPathComponent("models").path
      try files.createSymbolicLink(atPath: "\(models)/link.bin", withDestinationPath: "../outside.bin")
      try files.createSymbolicLink(atPath: "\(models)/linked", withDestinationPath: "..")
      try files.createSymbolicLink(atPath: "\(models)/zero", withDestinationPath: "/dev/zero")
      #expect(mkfifo("\(models)/pipe", 0o600) == 0)
      expectRefusal(Self.model(folder, entries), words)
    }
  }

  @Test func largeShapesReadNothing() throws {
    try Self.withFolder { (folder: URL) throws in
      expectRefusal(Self.model(folder, [("location", "w.bin")], shape: [1 << 37]), "does not fit into")
    }
  }
}
