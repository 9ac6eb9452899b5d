import Foundation
import GraphCompiler
import SourceText

/// Refuses networks that this machine cannot hold, before anything tries to allocate them.
enum MemoryCheck {
  /// Bytes of all parameters and constants.
  static func requireParameters(of graph: Graph) throws(CompileError) {
    let sizes = (graph.parameters + graph.constants).map { graph.type(of: $0).byteCount }
    try require(sizes, "the parameter block of graph '\(graph.name)'")
  }

  /// Bytes of everything that a run touches.
  static func requireRun(of program: Program) throws(CompileError) {
    let buffers = program.buffers.filter { $0.role != .arena }.map(\.byteCount)
    try require(buffers + [program.arenaByteCount], "a run of graph '\(program.name)'")
  }

  private static func require(_ sizes: [Int], _ subject: String) throws(CompileError) {
    var total = 0
    for size in sizes {
      let (sum, overflow) = total.addingReportingOverflow(size)
      total = overflow ? .max : sum
    }
    let limit = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    if total > limit {
      throw CompileError(
        "too-large",
        "\(subject) takes \(Quantities.bytes(total)), this machine has \(Quantities.bytes(limit))",
        at: .unknown, help: "make the network smaller with '--set'")
    }
  }
}
