import GraphCompiler
import KernelRunner
import SourceText

/// What `graphc verify` found.
struct VerificationReport {
  var outputs: [Verification.OutputReport]
  let tolerance: Double
  /// Values at which something goes wrong: the key for machines, the words for readers.
  var departures: [(key: String, words: String, value: Verification.OutputReport)] = []
  var remarks: [String] = []

  var passes: Bool { outputs.allSatisfy { $0.isWithin(tolerance) } }

  var largestError: Double { outputs.map(\.relativeError).max() ?? 0 }

  var text: String {
    var table = TextTable([.left, .left, .left, .right, .left])
    for output in outputs {
      table.row(
        output.isWithin(tolerance) ? "PASS" : "FAIL", output.name, "\(output.type)",
        Quantities.error(output.relativeError), output.relativeError == 0 ? "exact" : output.worstText)
    }
    var lines = table.lines()
    for (_, words, value) in departures {
      lines.append(
        "\(words): \(value.name), \(value.type), relative error \(Quantities.error(value.relativeError)), "
          + value.worstText)
    }
    return (lines + remarks).map { $0 + "\n" }.joined()
  }

  var json: JSON {
    let outputs = outputs.map { output in
      JSON.object(output.members + [("pass", .bool(output.isWithin(tolerance)))])
    }
    var members: [(String, JSON)] = [
      ("pass", .bool(passes)), ("tolerance", .double(tolerance)), ("outputs", .array(outputs)),
    ]
    for (key, _, value) in departures { members.append((key, .object(value.members))) }
    return .object(members)
  }
}

extension Verification.OutputReport {
  func isWithin(_ tolerance: Double) -> Bool { relativeError <= tolerance }

  /// Where the largest difference is: `worst at [0, 3]: 0.25 instead of 0.125`.
  var worstText: String {
    "worst at \(worstIndices): \(Float(worst.got)) instead of \(Float(worst.expected))"
  }

  /// The row-major position as one index for each dimension.
  private var worstIndices: [Int] {
    var rest = worst.position
    return type.shape.reversed().map { extent in
      defer { rest /= max(extent, 1) }
      return rest % max(extent, 1)
    }.reversed()
  }

  var members: [(String, JSON)] {
    [
      ("name", .string(name)), ("type", .string("\(type)")), ("relativeError", .double(relativeError)),
      ("worstIndex", .array(worstIndices.map { .int($0) })), ("got", .double(worst.got)),
      ("expected", .double(worst.expected)),
    ]
  }
}
