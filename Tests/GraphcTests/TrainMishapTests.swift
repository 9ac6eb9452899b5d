import Foundation
import SourceText
import TensorFiles
import Testing

@testable import graphc

/// What goes wrong while people train: one message, exit code 1, no partial file, the last good checkpoint as it was.
@Suite(.serialized) struct TrainMishapTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write(
      "net.graph",
      """
      graph net(N = 4) {
        input image: f32[N, 1, 4, 4]
        image -> flatten -> scores: fc(3)
        output scores
        train {
          input label: i32[N]
          minimize cross_entropy(scores, label)
          with sgd(rate: 0.1)
        }
      }
      """)
    let pixels = (0..<20 * 16).map { UInt8(truncatingIfNeeded: $0 &* 89) }
    try workspace.write("images.npy", StoredTensor(shape: [20, 4, 4], pixels))
    try workspace.write("labels.npy", StoredTensor(shape: [20], (0..<20).map { UInt8($0 % 3) }))
    return workspace
  }

  private func write(_ bytes: [UInt8], _ name: String, in workspace: Workspace) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: workspace.path(name)))
  }

  /// Files that are not what they should be: what is written, what data are named, and how the message begins.
  private struct BadData: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var data: String
    var message: String
    var write: @Sendable (TrainMishapTests, Workspace) throws -> Void
  }

  private static let idx: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 4, 0, 0, 0, 4]

  private static let badData = [
    BadData(
      testDescription: "a label out of range", data: "images.npy,bad.npy",
      message: "error: bad.npy: expected labels from 0 to 2, found 7 for sample 3"
    ) { _, workspace in
      try workspace.write("bad.npy", StoredTensor(shape: [20], (0..<20).map { $0 == 3 ? 7 : UInt8($0 % 3) }))
    },
    BadData(
      testDescription: "counts that differ", data: "images.npy,bad.npy", message: "error: "
    ) { _, workspace in
      try workspace.write("bad.npy", StoredTensor(shape: [19], (0..<19).map { UInt8($0 % 3) }))
    },
    BadData(
      testDescription: "images of another size", data: "bad.npy,labels.npy",
      message: "error: bad.npy: expected samples of shape [1, 4, 4] for 'image', found [5, 5]"
    ) { _, workspace in
      try workspace.write("bad.npy", StoredTensor(shape: [20, 5, 5], [UInt8](repeating: 0, count: 500)))
    },
    BadData(testDescription: "half an npy", data: "bad.npy,labels.npy", message: "error: bad.npy: ") {
      _, workspace in
      let whole = try Data(contentsOf: URL(fileURLWithPath: workspace.path("images.npy")))
      try whole.prefix(200).write(to: URL(fileURLWithPath: workspace.path("bad.npy")))
    },
    BadData(testDescription: "no npy at all", data: "bad.npy,labels.npy", message: "error: bad.npy: ") {
      test, workspace in
      try test.write(Array("this is text\n".utf8), "bad.npy", in: workspace)
    },
    BadData(testDescription: "half an IDX", data: "bad.idx,labels.npy", message: "error: bad.idx: ") {
      test, workspace in
      try test.write(idx + [UInt8](repeating: 1, count: 100), "bad.idx", in: workspace)
    },
    BadData(testDescription: "a broken gzip", data: "bad.gz,labels.npy", message: "error: bad.gz: ") {
      test, workspace in
      try test.write([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x63, 0x60, 0xff, 0xff], "bad.gz", in: workspace)
    },
    BadData(testDescription: "a ragged table", data: "bad.csv", message: "error: bad.csv: line 2: expected ")
    { test, workspace in
      try test.write(Array("1,2,3,0\n1,2,0\n".utf8), "bad.csv", in: workspace)
    },
    BadData(
      testDescription: "a table of words", data: "bad.csv", message: "error: bad.csv: line 2: expected "
    ) { test, workspace in
      try test.write(Array("1,2,3,0\n1,two,3,0\n".utf8), "bad.csv", in: workspace)
    },
    BadData(testDescription: "a broken picture", data: "photos", message: "error: photos/") {
      test, workspace in
      for name in ["cat", "dog"] {
        let folder = URL(fileURLWithPath: workspace.path("photos/\(name)"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      }
      try test.write(
        [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0], "photos/cat/a.png", in: workspace)
      try test.write(
        Array("P5 4 4 255 ".utf8) + [UInt8](repeating: 0, count: 3), "photos/dog/a.pgm", in: workspace)
    },
  ]

  @Test(arguments: badData) private func dataThatAreBroken(_ bad: BadData) throws {
    let workspace = try workspace()
    try bad.write(self, workspace)
    let before = try workspace.contents()
    let outcome = try workspace.graphc(
      "train net.graph --data \(bad.data) --batch 4 --out out.safetensors --checkpoint state --report report")
    #expect(outcome.status == 1 && outcome.output == "", "\(outcome.status) \(outcome.output)")
    #expect(outcome.headline.hasPrefix(bad.message), "\(outcome.errors)")
    #expect(outcome.errors.components(separatedBy: "error: ").count == 2, "\(outcome.errors)")
    #expect(try workspace.contents() == before)
  }

  /// A checkpoint of one epoch; then each of these runs fails, and leaves it as it was.
  @Test func failuresKeepTheCheckpoint() throws {
    let workspace = try workspace()
    let line = "train net.graph --data images.npy,labels.npy --batch 4"
    #expect(try workspace.graphc("\(line) --scale 255 --checkpoint state").status == 0)
    let before = (try workspace.contents(), FileManager.default.contents(atPath: workspace.path("state")))
    for (rest, message) in [
      ("--scale 255 --rate 1e38", "error: the loss is "),
      ("--scale 255 --out /dev/full", "error: /dev/full: cannot write the file: the disk is full"),
      ("--scale 255 --out no/out", "error: no/out: cannot write the file: no such file or folder"),
      ("--scale 255 --report labels.npy", "error: labels.npy: "),
      ("--scale 255 --last /proc/graphc/last", "error: /proc/graphc/last: cannot write the file"),
    ] {
      let outcome = try workspace.graphc("\(line) --epochs 20 --resume state \(rest)")
      #expect(outcome.status == 1, "\(rest): \(outcome.errors)")
      #expect(outcome.headline.hasPrefix(message), "\(rest): \(outcome.errors)")
      #expect(try workspace.contents() == before.0, "\(rest)")
      if rest.contains("rate") || rest.contains("no/") {
        #expect(FileManager.default.contents(atPath: workspace.path("state")) == before.1, "\(rest)")
      }
      let again = try workspace.graphc("\(line) --scale 255 --epochs 1 --resume state")
      #expect(again.status == 0, "\(rest): \(again.errors)")
    }
  }

  /// Ctrl-C in the middle, and on from there: the bits of a run that nothing interrupted.
  @Test func interruptedByTheUser() throws {
    let workspace = try workspace()
    let line = "train net.graph --data images.npy,labels.npy --batch 4 --scale 255 --seed 3"
    let executable = try #require(Workspace.executable)
    let process = Process()
    process.executableURL = executable
    process.arguments = "\(line) --epochs 1000000 --checkpoint state --json".split(separator: " ").map(
      String.init)
    process.currentDirectoryURL = workspace.folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The first lines say that training goes on.
    #expect(!output.fileHandleForReading.availableData.isEmpty)
    process.interrupt()
    _ = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    #expect(try workspace.contents() == ["images.npy", "labels.npy", "net.graph", "state"])
    let epochs = try Checkpoint(reading: workspace.path("state")).state.history.count + 1
    #expect(try workspace.graphc("\(line) --epochs \(epochs) --resume state --last a").status == 0)
    #expect(try workspace.graphc("\(line) --epochs \(epochs) --last b").status == 0)
    let whole = try #require(FileManager.default.contents(atPath: workspace.path("b")))
    #expect(FileManager.default.contents(atPath: workspace.path("a")) == whole)
  }
}
