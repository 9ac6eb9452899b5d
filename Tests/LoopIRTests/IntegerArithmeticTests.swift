import Foundation
import Testing

@testable import LoopIR

/// The C helpers on whole numbers against the functions of the interpreter.
@Suite struct IntegerArithmeticTests {
  static let functions: [BinaryFunction] = [.add, .subtract, .multiply, .divide, .modulo, .power]
  static let types = ElementType.allCases.filter { !$0.isFloatingPoint && $0 != .bool && $0.byteCount < 8 }

  @Test(arguments: CCompiler.installed) func helpersWrap(_ compiler: CCompiler) throws {
    var lines = ["#include <stdint.h>", "#include <stdio.h>", "#define HELPER static inline"]
    let names = Self.types.flatMap { type in Self.functions.compactMap { IntegerArithmetic.helper($0, type) } }
    lines += [CHelper.source(Set(names)), "int main(void) {"]
    var expected: [String] = []
    for type in Self.types {
      for function in Self.functions {
        let name = try #require(IntegerArithmetic.helper(function, type))
        for (a, b) in Self.pairs(type) {
          let texts = [a, b].map { CLiteral.text($0, type) }
          lines.append("  printf(\"%lld\\n\", (long long)\(name)(\(texts[0]), \(texts[1])));")
          expected.append("\(Int(function.function(on: type)(a, b)))")
        }
      }
    }
    lines += ["  return 0;", "}", ""]
    try withTemporaryFolder { folder in
      let program = folder.appendingPathComponent("integers")
      let source = lines.joined(separator: "\n")
      // Where the sanitizer is not installed, the numbers alone are compared.
      let trap = ["-fsanitize=undefined", "-fno-sanitize-recover=all"]
      if try compiler.compile(source, to: program, trap) != "" {
        #expect(try compiler.compile(source, to: program, []) == "")
      }
      let result = try run(program.path, [])
      #expect(result.status == 0)
      let lines: [String] = result.output.split(separator: "\n").map(String.init)
      #expect(lines == expected)
    }
  }

  private static func pairs(_ type: ElementType) -> [(Double, Double)] {
    let bounds = type.integerBounds ?? 0...0
    let numbers = Set([bounds.lowerBound, max(-1, bounds.lowerBound), 0, 1, 7, bounds.upperBound]).sorted()
    return numbers.flatMap { a in numbers.map { (a, $0) } }
  }
}
