import Foundation
import KernelRunner
import LoopIR
import SourceText
import Testing

@testable import GraphCompiler

/// One entry of `graphs/lectures/expected.json`; its README says what the fields mean.
struct LectureExample: Sendable, CustomTestStringConvertible {
  var file: String
  var note: String
  var settings: [(String, Int)]
  var json: JSON

  var testDescription: String {
    "\(file) \(settings.map { "\($0.0)=\($0.1)" }.joined(separator: " ")): \(note)"
  }

  static let all: [LectureExample] = {
    let url = RepositoryGraphs.root.appendingPathComponent("graphs/lectures/expected.json")
    guard let text = try? String(contentsOf: url, encoding: .utf8), let json = try? JSON(parsing: text) else {
      return []
    }
    return (json.arrayValue ?? []).map { entry in
      LectureExample(
        file: entry["file"]?.stringValue ?? "", note: entry["note"]?.stringValue ?? "",
        settings: entry["set"]?.members.compactMap { name, value in value.intValue.map { (name, $0) } } ?? [],
        json: entry)
    }
  }()

  func graph() throws -> Graph {
    try RepositoryGraphs.parse("lectures/\(file)", Dictionary(settings) { first, _ in first })
  }
}

/// Every number of the lecture notes comes out of graphc.
@Suite struct LectureTests {
  @Test func thereAreAsManyEntriesAsTheNotesHaveExamples() {
    #expect(LectureExample.all.count >= 35)
  }

  @Test(arguments: LectureExample.all)
  func sizesAndParameterCounts(_ example: LectureExample) throws {
    let graph = try example.graph()
    var isEmpty = example.json["outputs"] == nil
    for (name, shape) in example.json["shapes"]?.members ?? [] {
      let info = try #require(
        graph.values.first { $0.name == name } ?? graph.output(name), "no value '\(name)'")
      #expect(info.type.shape == shape.numbers.map(Int.init), "\(name)")
      isEmpty = false
    }
    let counts = graph.parameters.map { (graph[$0].name, graph[$0].type.count) }
    if let total = example.json["parameters"]?.intValue {
      #expect(counts.reduce(0) { $0 + $1.1 } == total)
      isEmpty = false
    }
    for (name, count) in example.json["layers"]?.members ?? [] {
      let own = counts.filter { $0.0 == name || $0.0.hasPrefix(name + ".") }
      #expect(own.reduce(0) { $0 + $1.1 } == count.intValue, "\(name)")
    }
    #expect(!isEmpty, "the entry expects nothing")
  }

  @Test(arguments: LectureExample.all.filter { $0.json["outputs"] != nil })
  func values(_ example: LectureExample) throws {
    let graph = try example.graph()
    var tensors: [String: TensorData] = [:]
    for input in graph.inputs.map({ graph[$0] }) {
      let numbers = try #require(example.json["inputs"]?[input.name], "no input '\(input.name)'").numbers
      tensors[input.name] = TensorData(input.type, doubles: numbers)
    }
    let exact = try Interpreter(graph).run(tensors.mapValues { TensorValues($0) }).outputs
    let build = BuildOptions(optimization: "-O1")
    let compiled = try CompiledNetwork(build.program(graph), build).run(tensors)
    for (name, expected) in example.json["outputs"]?.members ?? [] {
      let wanted = try #require(expected["value"]).numbers
      let tolerance = expected["tolerance"]?.number ?? 0
      for (source, values) in [
        ("interpreter", exact[name]?.values), ("generated C", compiled[name]?.doubles),
      ] {
        let got = try #require(values, "no output '\(name)'")
        #expect(got.count == wanted.count)
        for (a, b) in zip(got, wanted) {
          #expect(abs(a - b) <= tolerance, "\(name) by \(source): \(a), not \(b)")
        }
      }
    }
  }
}

extension Graph {
  func output(_ name: String) -> ValueInfo? {
    outputs.first { $0.name == name }.map { self[$0.value] }
  }
}

extension JSON {
  var members: [(String, JSON)] { if case .object(let members) = self { members } else { [] } }

  var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// All numbers of nested lists, in order.
  var numbers: [Double] { arrayValue.map { $0.flatMap(\.numbers) } ?? number.map { [$0] } ?? [] }
}
