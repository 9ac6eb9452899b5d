import Foundation
import Testing

@testable import LoopIR

@Suite struct VectorMathTextTests {
  @Test func theOrderOfRequestsDoesNotMatter() {
    let forward = mathSource([.exp, .tanh, .log], prefix: "net", lanes: 8)
    let backward = mathSource([.log, .exp, .tanh, .log], prefix: "net", lanes: 8)
    #expect(forward == backward)
  }

  @Test(arguments: MathFunction.allCases, [1, 4, 16])
  func everyPlaceholderIsReplaced(_ function: MathFunction, lanes: Int) {
    let text = mathSource([function], prefix: "net", lanes: lanes, qualifiers: "QUALIFIERS")
    #expect(!text.contains("$"))
    #expect(text.contains("QUALIFIERS"))
    #expect(!text.contains("static inline"))
    #expect(text.contains(" \(function.name(prefix: "net", lanes: lanes))("))
  }

  @Test func namesTellTheShape() {
    #expect(MathFunction.exp.name(prefix: "lenet5", lanes: 16) == "lenet5_exp_f32x16")
    #expect(MathFunction.exp.name(prefix: "lenet5", lanes: 1) == "lenet5_exp_f32")
  }

  @Test func nothingIsWrittenForNoFunctions() {
    #expect(mathSource([], prefix: "net", lanes: 16) == "")
  }

  @Test func templatesCallOnlyWhatStandsBefore() {
    var known: Set<String> = ["F", "I", "U", "D", "LANES", "static"]
    for template in MathTemplate.all {
      known.insert(template.name)
      for lanes in [1, 4] {
        let code = template.text(for: LaneShape(prefix: "net", lanes: lanes, qualifiers: ""))
        let calls = code.split(separator: "\n").filter { !$0.hasPrefix("//") }.joined(separator: "\n")
        #expect(known.isSuperset(of: placeholders(in: calls)), "\(template.name)")
      }
    }
    #expect(known.isSuperset(of: MathFunction.allCases.map(\.rawValue)))
  }
}

/// Compiles the text with every C compiler of this machine and runs it.
@Suite struct VectorMathProgramTests {
  @Test func thereIsACompiler() {
    #expect(!CCompiler.installed.isEmpty)
  }

  /// A function that is emitted but not needed would be an unused one, which is an error here.
  @Test(arguments: CCompiler.installed, [1, 4])
  func functionsCompileAndNeedNoLibrary(_ compiler: CCompiler, lanes: Int) throws {
    for function in MathFunction.allCases {
      try expectSelfContained([function], lanes: lanes, compiler, "-O0")
    }
    try expectSelfContained(MathFunction.allCases, lanes: lanes, compiler, "-O2")
  }

  private func expectSelfContained(
    _ functions: [MathFunction], lanes: Int, _ compiler: CCompiler, _ level: String
  ) throws {
    let type = lanes == 1 ? "float" : "net_f32x\(lanes)"
    let calls = functions.map { function in
      let arguments = function.arity == 1 ? "*x" : "*x, x[1]"
      return "  *x = \(function.name(prefix: "net", lanes: lanes))(\(arguments));\n"
    }
    let source = """
      #include <stdint.h>
      \(mathSource(functions, prefix: "net", lanes: lanes))
      void use(\(type) *x);
      void use(\(type) *x) {
      \(calls.joined())}

      """
    try withTemporaryFolder { folder in
      let object = folder.appendingPathComponent("functions.o")
      #expect(try compiler.compile(source, to: object, ["-c", level]) == "")
      let undefined = try run("/usr/bin/env", ["nm", "-u", object.path])
      #expect(undefined.status == 0 && undefined.output == "", "\(functions) at \(level)")
    }
  }

  @Test(arguments: CCompiler.installed, [4, 16])
  func accuracyUnfused(_ compiler: CCompiler, lanes: Int) throws {
    let lines = try measure(compiler, lanes: lanes, stride: 4001, ["-O2", "-ffp-contract=off"])
    for line in lines {
      #expect(line.error <= line.function.statedErrors.unfused, "\(line.text)")
      #expect(line.differences == 0, "\(line.text)")
    }
  }

  @Test(arguments: CCompiler.installed, [8, 16])
  func accuracyFused(_ compiler: CCompiler, lanes: Int) throws {
    let options = ["-O2", "-ffp-contract=fast", "-march=native"]
    let lines = try measure(compiler, lanes: lanes, stride: 4001, options)
    for line in lines {
      #expect(line.error <= line.function.statedErrors.fused, "\(line.text)")
    }
  }

  @Test(arguments: CCompiler.installed)
  func behaviorIsAlwaysDefined(_ compiler: CCompiler) throws {
    let trap = ["-O1", "-fsanitize=undefined", "-fsanitize-undefined-trap-on-error"]
    let lines = try measure(compiler, lanes: 4, stride: 40009, trap)
    #expect(lines.count == MathFunction.allCases.count + 1)
  }

  private struct Line {
    let function: MathFunction
    let error: Double
    let differences: Int
    let text: Substring
  }

  /// Builds and runs the checker; one line for each function, two for `pow`.
  private func measure(
    _ compiler: CCompiler, lanes: Int, stride: Int, _ options: [String]
  ) throws -> [Line] {
    try withTemporaryFolder { folder in
      let program = folder.appendingPathComponent("checker")
      let source = vectorMathChecker(lanes: lanes, stride: stride)
      #expect(try compiler.compile(source, to: program, options + ["-lm"]) == "")
      let result = try run(program.path, [])
      #expect(result.status == 0, "\(result.output)")
      let lines = try result.output.split(separator: "\n").map { text in
        let words = text.split(separator: " ")
        let function = try #require(MathFunction(rawValue: String(words[0])), "\(text)")
        let error = try #require(Double(words[1]), "\(text)")
        let differences = try #require(Int(words[words.count - 1]), "\(text)")
        return Line(function: function, error: error, differences: differences, text: text)
      }
      #expect(Set(lines.map(\.function)) == Set(MathFunction.allCases))
      return lines
    }
  }
}

extension MathFunction {
  /// The greatest errors that the comment above the function admits, in units in the last place.
  fileprivate var statedErrors: (unfused: Double, fused: Double) {
    let text = mathSource([self], prefix: "net", lanes: 1)
    let stated = text.matches(of: #/Error at most ([0-9.]+) ulp, ([0-9.]+) when fused/#)
    guard let last = stated.last, let unfused = Double(last.1), let fused = Double(last.2) else {
      return self == .sqrt ? (0.5, 0.5) : (0, 0)
    }
    return (unfused, fused)
  }
}
