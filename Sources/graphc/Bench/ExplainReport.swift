import GraphCompiler
import KernelRunner
import SourceText

/// What `graphc explain` says.
struct ExplainReport {
  /// Of the graph.
  let name: String
  let kernels: [KernelExplanation]
  /// Of the whole program, where it was asked for.
  let measurement: Measurement?

  /// Statements of a kernel that are shown.
  private static let statementLimit = 6

  var text: String {
    kernels.map { lines($0).map { $0.escapingControls + "\n" }.joined() }.joined(separator: "\n")
  }

  private func lines(_ kernel: KernelExplanation) -> [String] {
    var lines = [headline(kernel)]
    let statements = kernel.provenance.statements
    lines += statements.prefix(Self.statementLimit).map { "  \($0)" }
    if statements.count > Self.statementLimit {
      lines.append("  … and \(statements.count - Self.statementLimit) more")
    }
    lines += kernel.tensors.map { "    \($0)" } + kernel.equations.map { "    \($0)" }
    lines += ["", "  \(summary(kernel))"] + kernel.nest.map { "    \($0)" }
    lines += ["", "  \(times(kernel))"]
    return lines
  }

  /// `conv_tanh_1: conv1 … (lenet5.graph:5), step 2`
  private func headline(_ kernel: KernelExplanation) -> String {
    let location = kernel.provenance.location.isEmpty ? "" : " (\(kernel.provenance.location))"
    let steps = kernel.steps.map { "\($0 + 1)" }.joined(separator: ", ")
    let noun = kernel.steps.count == 1 ? "step" : "steps"
    return "\(kernel.name): \(kernel.provenance.value)\(location), \(noun) \(steps)"
  }

  private func summary(_ kernel: KernelExplanation) -> String {
    let weights =
      kernel.work.weightByteCount > 0 ? ", \(Quantities.bytes(kernel.work.weightByteCount)) of weights" : ""
    let moved = "\(Quantities.bytes(kernel.work.byteCount)) read and written"
    return "\(kernel.algorithm.label): \(Quantities.operations(kernel.work.operations)), \(moved)\(weights)"
  }

  private func times(_ kernel: KernelExplanation) -> String {
    let predicted = kernel.prediction
    let text =
      "predicted \(Quantities.fixed(predicted.microseconds, 1)) us, bound by \(predicted.bound.rawValue)"
    guard let measurement, let time = measured(kernel) else { return text }
    let gigaflops = time > 0 ? Double(kernel.work.operations) / time / 1000 : 0
    let share = measurement.peak > 0 ? 100 * gigaflops / measurement.peak : 0
    let speed =
      kernel.work.operations > 0
      ? ": \(Quantities.fixed(gigaflops, 1)) GFLOP/s, \(Quantities.fixed(share, 0)) % of this machine's peak"
      : ""
    return "\(text); measured \(Quantities.fixed(time, 1)) us\(speed)"
  }

  /// Microseconds of the first step that calls the kernel.
  private func measured(_ kernel: KernelExplanation) -> Double? { measurement?.steps[kernel.steps[0]] }

  var json: JSON {
    let rows = kernels.map { kernel in
      var members: [(String, JSON)] = [
        ("name", .string(kernel.name)), ("steps", .array(kernel.steps.map { .int($0 + 1) })),
        ("value", .string(kernel.provenance.value)), ("location", .string(kernel.provenance.location)),
        ("statements", .array(kernel.provenance.statements.map(JSON.string))),
        ("tensors", .array(kernel.tensors.map(JSON.string))),
        ("equations", .array(kernel.equations.map(JSON.string))),
        ("algorithm", .string(kernel.algorithm.label)), ("operations", .int(kernel.work.operations)),
        ("bytes", .int(kernel.work.byteCount)), ("weightBytes", .int(kernel.work.weightByteCount)),
        ("nest", .array(kernel.nest.map(JSON.string))),
        ("predictedMicroseconds", .double(kernel.prediction.microseconds)),
        ("bound", .string(kernel.prediction.bound.rawValue)),
      ]
      if let time = measured(kernel) { members.append(("measuredMicroseconds", .double(time))) }
      return JSON.object(members)
    }
    return .object([("graph", .string(name)), ("kernels", .array(rows))])
  }
}
