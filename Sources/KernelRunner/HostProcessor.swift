import Foundation

/// The processor that this program runs on.
package enum HostProcessor {
  /// Names of the instruction sets of generated code that it has, the best first.
  package static let instructionSets: [String] = {
    var names = ["portable"]
    #if arch(arm64)
      names.insert("neon", at: 0)
    #elseif arch(x86_64)
      let flags = features
      if flags.isSuperset(of: ["avx2", "fma"]) { names.insert("avx2", at: 0) }
      if flags.isSuperset(of: ["avx512f", "avx512dq", "avx512bw", "avx512vl", "fma"]) {
        names.insert("avx512", at: 0)
      }
    #endif
    return names
  }()

  /// Processors that this program may use.
  package static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The best of them.
  package static var instructionSet: String { instructionSets[0] }

  /// What the Linux kernel says of the first processor; empty elsewhere.
  private static var features: Set<String> {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
    else { return [] }
    return Set(line.split(separator: " ").map(String.init))
  }
}
