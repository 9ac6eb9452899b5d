import Foundation
import GraphCompiler
import KernelRunner
import SourceText
import Testing

@testable import graphc

@Suite struct VerifyCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("net.graph", Networks.scale)
    return workspace
  }

  @Test func verification() throws {
    let workspace = try workspace()
    let outcome = try workspace.graphc("verify net.graph --seed 3")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("PASS  y "))
    let report = try workspace.graphc("verify net.graph --json").json()
    #expect(report["pass"] == .bool(true))
    #expect(report["outputs"]?.arrayValue?.count == 2)
  }

  /// Nothing but exact arithmetic has no error at all.
  @Test func verificationThatFailsNamesTheFirstValue() throws {
    let workspace = try workspace()
    try workspace.write(
      "sine.graph",
      """
      graph sine {
        input x: f32[50]
        a = x * 2
        b = reshape(a, shape: [5, 10])
        c = sin(b)
        d = reduce_sum(c, axes: [1])
        output y = d * 4
      }
      """)
    let outcome = try workspace.graphc("verify sine.graph --tolerance 0")
    #expect(outcome.status == 1)
    #expect(outcome.headline.hasPrefix("error: graph 'sine' departs from the interpreter: relative error "))
    #expect(outcome.output.hasPrefix("FAIL  y "))
    #expect(outcome.output.contains("\nfirst to depart: c, f32[5, 10], relative error "))
  }

  @Test(arguments: 0...9) func theFirstPlaceThatDepartsIsFound(_ first: Int) {
    var asked = 0
    let found = Departure.firstPlace(in: 9) { place in
      asked += 1
      return place >= first
    }
    #expect(found == (first < 9 ? first : nil))
    #expect(asked <= 5)
  }

  @Test func storedValuesAreComparedToo() throws {
    let workspace = try workspace()
    try workspace.write("tiny.graph", Networks.convolution)
    let report = try workspace.graphc("verify tiny.graph --values --json").json()
    let names = try #require(report["outputs"]?.arrayValue).map { $0["name"]?.stringValue }
    #expect(names.contains("relu1"))
    #expect(names.contains("maxpool1"))
    #expect(names.contains("scores"))
    #expect(names.last == "probabilities")
    #expect(report["pass"] == .bool(true))
  }

  @Test(arguments: HostProcessor.instructionSets) func everyInstructionSet(_ name: String) throws {
    let workspace = try workspace()
    try workspace.write("tiny.graph", Networks.convolution)
    let outcome = try workspace.graphc("verify tiny.graph --target \(name)")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("PASS  probabilities "))
  }

  @Test(arguments: HostProcessor.instructionSets) func gradientsOfEveryInstructionSet(_ name: String) throws {
    let workspace = try workspace()
    try workspace.write("tiny.graph", Networks.trained)
    let outcome = try workspace.graphc("verify tiny.graph --gradients --target \(name) --threads 2")
    #expect(outcome.status == 0 && outcome.output.hasPrefix("PASS"), "\(outcome.errors)")
  }

  @Test(arguments: ["--values", "--sanitize", "--weight-type f16"])
  func gradientsAreVerifiedAlone(_ option: String) throws {
    let outcome = try workspace().graphc("verify net.graph --gradients \(option)")
    #expect(outcome.status == 2)
    let name = option.split(separator: " ")[0]
    #expect(outcome.headline == "graphc verify: error: option '--gradients' does not go with '\(name)'")
  }

  @Test func otherProcessorsAreNamed() throws {
    let other = try #require(InstructionSet.all.map(\.name).first { !HostProcessor.instructionSets.contains($0) })
    for option in ["", " --gradients", " --against ."] {
      let outcome = try workspace().graphc("verify net.graph --target \(other)\(option)")
      #expect(outcome.status == 3)
      #expect(outcome.headline == "error: this processor does not have '\(other)'")
    }
  }

  @Test func underSanitizers() throws {
    let workspace = try workspace()
    try workspace.write("tiny.graph", Networks.convolution)
    let outcome = try workspace.graphc("verify tiny.graph --sanitize")
    // A machine may have a compiler without the libraries of the sanitizers.
    if outcome.headline == "error: no C compiler here links the address and undefined-behavior sanitizers" {
      return
    }
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("PASS  probabilities "))
  }
}
