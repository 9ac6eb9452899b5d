import Foundation
import GraphCompiler
import KernelRunner
import SourceText
import Testing

@testable import graphc

@Suite struct BenchCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("tiny.graph", Networks.convolution)
    return workspace
  }

  @Test func everyStepAndTheWholeNetworkAreTimed() throws {
    let workspace = try workspace()
    let outcome = try workspace.graphc("bench tiny.graph --rounds 2 --report bench")
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("step  kernel") == true)
    #expect(lines.contains { $0.contains("whole network") })
    #expect(lines.last?.contains(" quiet rounds of 2") == true)
    #expect(try workspace.contents("bench") == ["roofline.svg"])
    #expect(
      try String(contentsOfFile: workspace.path("bench/roofline.svg"), encoding: .utf8).contains(
        "tiny: roofline"))
  }

  @Test func theReportForMachinesHasNumbersThatFitTogether() throws {
    let report = try workspace().graphc("bench tiny.graph --rounds 1 --threads 2 --json").json()
    let steps = try #require(report["steps"]?.arrayValue)
    #expect(report["threads"] == .int(2) && report["rounds"] == .int(1) && report["quietRounds"] == .int(1))
    #expect(!steps.isEmpty)
    for step in steps {
      let time = try #require(step["microseconds"]?.number)
      #expect(time > 0)
      let gigaflops = try #require(step["gigaflops"]?.number)
      let operations = try #require(step["operations"]?.number)
      let difference = abs(gigaflops * time * 1000 - operations)
      #expect(difference <= 1e-6 * operations)
    }
    let share: Double = steps.compactMap { $0["share"]?.number }.reduce(0, +)
    #expect(abs(share - 1) < 1e-9)
    let total: Double = steps.compactMap { $0["operations"]?.number }.reduce(0, +)
    #expect(report["network"]?["operations"]?.number == total)
  }

  @Test(arguments: [
    ("bench", "NET"), ("bench tiny.graph --rounds 0", "--rounds"),
    ("bench tiny.graph --seconds no", "--seconds"),
    ("bench tiny.graph --seconds -1", "--seconds"), ("bench tiny.graph --threads 0", "--threads"),
    ("explain tiny.graph --rounds x", "--rounds"), ("bench tiny.graph --max-error -1", "--max-error"),
    ("explain tiny.graph --max-error no", "--max-error"),
  ]) func wrongUsage(_ line: String, _ named: String) throws {
    let outcome = try workspace().graphc(line)
    #expect(outcome.status == 2)
    #expect(outcome.headline.contains(named))
  }

  @Test(arguments: [1, 2]) func theTrainingStepIsTimedAndExplained(threads: Int) throws {
    let workspace = try Workspace()
    try workspace.write(
      "tiny.graph",
      """
      graph tiny {
        input x: f32[4, 1, 12, 12]
        logits = x -> conv(4, kernel: 3) -> relu -> flatten -> fc(3)
        output logits
        train {
          input label: i32[4]
          minimize cross_entropy(logits, label)
          with sgd(rate: 0.01, momentum: 0.9)
        }
      }
      """)
    let report = try workspace.graphc("bench tiny.graph --train --rounds 1 --threads \(threads) --json").json()
    let values = try #require(report["steps"]?.arrayValue).compactMap { $0["value"]?.stringValue }
    #expect(values.contains("loss") && values.contains { $0.contains("update") })
    let kernels = try #require(workspace.graphc("explain tiny.graph --train --json").json()["kernels"]?.arrayValue)
    #expect(kernels.count >= 8)
    let outcome = try workspace.graphc("explain tiny.graph --train --measure --rounds 1 --threads \(threads)")
    #expect(outcome.output.components(separatedBy: "; measured ").count == kernels.count + 1)
  }

  @Test func aNetworkWithoutATrainSectionHasNoTrainingStep() throws {
    let outcome = try workspace().graphc("bench tiny.graph --train")
    #expect(outcome.status == 1)
    #expect(outcome.headline == "error: graph 'tiny' has no train section")
  }

  @Test func aReportThatCannotBeWrittenIsFoundBeforehand() throws {
    let workspace = try workspace()
    let outcome = try workspace.graphc("bench tiny.graph --report tiny.graph")
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
  }
}

@Suite struct ExplainCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("tiny.graph", Networks.convolution)
    return workspace
  }

  @Test func everyKernelIsExplained() throws {
    let workspace = try workspace()
    let text = try workspace.graphc("explain tiny.graph").output
    let report = try workspace.graphc("explain tiny.graph --json").json()
    let kernels = try #require(report["kernels"]?.arrayValue)
    #expect(kernels.count >= 5)
    for kernel in kernels {
      let name = try #require(kernel["name"]?.stringValue)
      #expect(text.contains("\(name): "))
      #expect(kernel["nest"]?.arrayValue?.isEmpty == false)
      #expect(try #require(kernel["predictedMicroseconds"]?.number) > 0)
      #expect(kernel["measuredMicroseconds"] == nil)
    }
    #expect(text.contains("tiny.graph:3"))
    #expect(text.contains("direct convolution: "))
    #expect(text.contains("predicted ") && !text.contains("measured "))
  }

  @Test func oneKernelWithItsMeasuredTime() throws {
    let workspace = try workspace()
    let names = try workspace.graphc("explain tiny.graph --json").json()["kernels"]?.arrayValue?
      .compactMap { $0["name"]?.stringValue }
    let name = try #require(names?.last)
    let outcome = try workspace.graphc("explain tiny.graph --kernel \(name) --measure --rounds 1")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("\(name): "))
    #expect(outcome.output.contains("; measured "))
    #expect(
      outcome.output.contains("predicted ") && outcome.output.components(separatedBy: "predicted ").count == 2
    )
  }

  @Test(arguments: [
    ("", "winograd"), ("--no-winograd", "direct"), ("--max-error 0", "direct"), ("--max-error 1", "winograd"),
    ("--max-error 1 --no-winograd", "direct"),
  ]) func winogradsAlgorithmCanBeForbidden(_ options: String, _ algorithm: String) throws {
    let workspace = try workspace()
    try workspace.write("wide.graph", Networks.wide)
    let report = try workspace.graphc("explain wide.graph --json \(options)").json()
    let names = try #require(report["kernels"]?.arrayValue).compactMap { $0["name"]?.stringValue }
    #expect(names.contains { $0.contains("_winograd") } == (algorithm == "winograd"))
    let measured = try workspace.graphc("bench wide.graph --json --rounds 1 \(options)").json()
    #expect(measured["steps"]?.arrayValue?.compactMap { $0["kernel"]?.stringValue }.sorted() == names.sorted())
  }

  @Test func anUnknownKernelIsRefused() throws {
    let outcome = try workspace().graphc("explain tiny.graph --kernel maxpool_2")
    #expect(outcome.status == 1)
    #expect(outcome.headline == "error: the network has no kernel 'maxpool_2'")
    #expect(outcome.errors.contains("did you mean 'maxpool_1'?"))
  }
}

extension JSON {
  fileprivate var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    case .object, .array, .string, .bool, .null: nil
    }
  }
}
