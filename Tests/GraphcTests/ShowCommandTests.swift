import Foundation
import SourceText
import Testing

@testable import graphc

@Suite struct ShowCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("net.graph", Networks.convolution)
    return workspace
  }

  @Test func layersAsATable() throws {
    let outcome = try workspace().graphc("show net.graph")
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "tiny")
    #expect(lines[1].hasPrefix("layer "))
    #expect(lines.contains { $0.hasPrefix("conv1 ") && $0.contains("[1, 4, 6, 6]") })
    #expect(lines.contains { $0.hasPrefix("scores ") && $0.contains("[1, 2]") })
    #expect(lines.contains { $0.hasPrefix("multiply-accumulates  ") })
  }

  @Test func sizesOfTheUser() throws {
    let json = try workspace().graphc("show net.graph --set size=10 --json").json()
    let layers = try #require(json["layers"]?.arrayValue)
    #expect(layers.contains { $0["name"]?.stringValue == "scores" })
    #expect(layers[0]["shape"] == .array([.int(1), .int(1), .int(10), .int(10)]))
    #expect(json["parameters"] == .int(4 * 9 + 4 + 2 * 4 + (4 * 5 * 5 * 2 + 2)))
    #expect(json["arenaBytes"]?.intValue ?? 0 > 0)
  }

  @Test(arguments: ShowCommand.Subject.allCases) func pictures(_ subject: ShowCommand.Subject) throws {
    let workspace = try workspace()
    let outcome = try workspace.graphc("show net.graph --picture \(subject.rawValue) -o out.svg")
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
    let svg = try String(contentsOfFile: workspace.path("out.svg"), encoding: .utf8)
    #expect(svg.hasPrefix("<svg ") || svg.hasPrefix("<?xml "))
    #expect(svg.hasSuffix("</svg>\n"))
    let words: [ShowCommand.Subject: String] = [
      .graph: "softmax", .fusion: "relu", .memory: "maxpool1", .filters: "conv1",
    ]
    #expect(svg.contains(try #require(words[subject])))
  }

  @Test(arguments: [
    ("show net.graph --picture memory", "graphc show: error: option '--picture' needs '-o FILE.svg'"),
    ("show net.graph -o out.svg --json", "graphc show: error: options '--json' and '-o' exclude each other"),
    (
      "show net.graph -o out.svg --picture loss",
      "graphc show: error: option '--picture' wants one of graph, "
    ),
  ])
  func optionsThatExcludeEachOther(_ line: String, _ headline: String) throws {
    let workspace = try workspace()
    let outcome = try workspace.graphc(line)
    #expect(outcome.status == 2)
    #expect(outcome.headline.hasPrefix(headline))
    #expect(try workspace.contents() == ["net.graph"])
  }

  @Test func aPictureReplacesNothingWhenTheNetworkIsWrong() throws {
    let workspace = try workspace()
    try workspace.write("bad.graph", "graph bad {\n}\n")
    try workspace.write("out.svg", "old")
    #expect(try workspace.graphc("show bad.graph -o out.svg").status == 1)
    #expect(try String(contentsOfFile: workspace.path("out.svg"), encoding: .utf8) == "old")
  }
}
