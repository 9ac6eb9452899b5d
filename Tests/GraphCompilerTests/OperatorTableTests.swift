import Foundation
import Testing

@testable import GraphCompiler

/// The table of operators is complete, in order, and says something about each of them.
@Suite struct OperatorTableTests {
  static let operators = OpTable.all.map(OperatorCase.init)

  @Test func isSortedByTypeName() {
    let names = OpTable.all.map { String(describing: $0) }
    #expect(names == names.sorted())
  }

  @Test func namesAreUnique() {
    let names = OpTable.all.map { $0.name }
    #expect(Set(names).count == names.count)
    for type in OpTable.all { #expect(OpTable.find(type.name) == type) }
  }

  /// A file that declares an operator (a struct with a `static let name`) has its line in the table.
  @Test func listsEveryFileOfTheFolder() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/GraphCompiler/Ops").standardized
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    let declaration = "  static let name = \""
    var declared: [String] = []
    for file in files where file.pathExtension == "swift" {
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      let names = lines.filter { $0.hasPrefix(declaration) }
      #expect(names.count <= 1, "\(file.lastPathComponent) declares \(names.count) operators")
      declared += names.map { String($0.dropFirst(declaration.count).dropLast()) }
    }
    let listed = OpTable.all.map { $0.name }
    #expect(declared.filter { !listed.contains($0) } == [], "operators without a line in the table")
    #expect(listed.filter { !declared.contains($0) } == [], "operators without a file of their own")
  }

  @Test(arguments: operators) func hasSummaryAndExamples(_ row: OperatorCase) {
    #expect(!row.type.summary.isEmpty)
    #expect(!row.type.summary.contains("\n"))
    #expect(!row.type.examples.isEmpty)
    for example in row.type.examples { #expect(example.hasPrefix("\(row.type.name)(")) }
  }

  @Test(arguments: operators) func describesItsAttributes(_ row: OperatorCase) {
    func check<T: Op>(_ type: T.Type) {
      let names = T.fields.map(\.name)
      #expect(Set(names).count == names.count)
      for field in T.fields {
        #expect(!field.summary.isEmpty)
        var op = T()
        #expect(throws: Never.self) { try field.set(&op, field.get(op)) }
        #expect(op == T())
      }
      let optional = T.operands.drop { $0.count == .one }
      #expect(optional.allSatisfy { $0.count != .one }, "optional operands stand last")
      #expect(T.operands.dropLast().allSatisfy { $0.count != .variadic }, "a variadic operand stands last")
    }
    check(row.type)
  }
}

/// A row of the table, shown by name where it fails.
struct OperatorCase: Sendable, CustomTestStringConvertible {
  let type: any Op.Type

  var testDescription: String { type.name }
}
