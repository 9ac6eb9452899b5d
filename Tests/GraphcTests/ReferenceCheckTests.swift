import Foundation
import SourceText
import TensorFiles
import Testing

@testable import graphc

/// `graphc verify --against DIR`.
@Suite struct ReferenceCheckTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write(
      "chain.graph",
      """
      graph chain(N = 1) {
        input x: f32[N, 2]
        a = x * 2
        b = relu(a)
        output y = b + 1
      }
      """)
    try workspace.folder(
      "right", ["x": [1, -2, 3, -4], "a": [2, -4, 6, -8], "b": [2, 0, 6, 0], "y": [3, 1, 7, 1]])
    return workspace
  }

  @Test func numbersThatAgreePass() throws {
    let outcome = try workspace().graphc("verify chain.graph --against right")
    #expect(outcome.status == 0)
    #expect(outcome.output == "PASS  y  f32[2, 2]  0  exact\n")
    #expect(outcome.errors == "")
  }

  @Test func theFirstValueThatDepartsIsNamed() throws {
    let workspace = try workspace()
    try workspace.folder(
      "wrong", ["x": [1, -2, 3, -4], "a": [2, -4, 6, -8], "b": [2, 4, 6, 8], "y": [3, 5, 7, 9]])
    let outcome = try workspace.graphc("verify chain.graph --against wrong")
    #expect(outcome.status == 1)
    #expect(outcome.headline.hasPrefix("error: graph 'chain' departs from 'wrong': relative error "))
    #expect(outcome.output.hasPrefix("FAIL  y  f32[2, 2] "))
    #expect(outcome.output.contains("\nfirst to depart from wrong: b, f32[2, 2], relative error "))
    #expect(outcome.output.contains("worst at [1, 1]: 0.0 instead of 8.0\n"))
    #expect(outcome.output.contains("generated code and interpreter agree on every value"))
    let report = try workspace.graphc("verify chain.graph --against wrong --json").json()
    #expect(report["pass"] == .bool(false))
    #expect(report["firstToDepart"]?["name"] == .string("b"))
  }

  @Test func toleranceIsWhatPasses() throws {
    let workspace = try workspace()
    try workspace.folder("near", ["x": [1, -2, 3, -4], "y": [3, 1, 7.0005, 1]])
    #expect(try workspace.graphc("verify chain.graph --against near").status == 0)
    #expect(try workspace.graphc("verify chain.graph --against near --tolerance 1e-6").status == 1)
  }

  @Test func whatTheFolderLacksIsNamed() throws {
    let workspace = try workspace()
    try workspace.folder("outputs", ["y": [3, 1, 7, 1]])
    let noInput = try workspace.graphc("verify chain.graph --against outputs")
    #expect(noInput.status == 1)
    #expect(noInput.headline == "error: 'outputs' has no numbers for input 'x'")
    #expect(noInput.errors.contains("'outputs/x.npy'"))
    try workspace.folder("inputs", ["x": [3, 1, 7, 1]])
    let noOutput = try workspace.graphc("verify chain.graph --against inputs")
    #expect(noOutput.headline == "error: 'inputs' has no numbers for any output of graph 'chain'")
    try workspace.folder("short", ["x": [1, 2, 3, 4], "y": [1, 2]])
    let short = try workspace.graphc("verify chain.graph --against short")
    #expect(short.headline == "error: expected f32[2, 2] for output 'y', found shape [1, 2] in 'short'")
    let none = try workspace.graphc("verify chain.graph --against none")
    #expect(none.status == 1)
    #expect(none.errors.contains("cannot read the folder"))
  }

  @Test func otherComparisonsAreExcluded() throws {
    let outcome = try workspace().graphc("verify chain.graph --against right --gradients")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("option '--against' does not go with '--gradients'"))
  }

  @Test(arguments: ["y", "gpu_0/softmax 1", ".x", "é%41", "a.b-c_d"])
  func namesOfFilesReadBack(_ name: String) {
    #expect(OutputFiles.name(ofFile: OutputFiles.fileName(name)) == name)
    #expect(OutputFiles.name(ofFile: "notes.txt") == nil)
  }
}

extension Workspace {
  /// A folder of `.npy` files with two columns each.
  fileprivate func folder(_ name: String, _ tensors: [String: [Float]]) throws {
    try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    for (value, numbers) in tensors {
      try write("\(name)/\(value).npy", StoredTensor(shape: [numbers.count / 2, 2], numbers))
    }
  }
}
