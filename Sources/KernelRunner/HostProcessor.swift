import Foundation

/// The processor that this program runs on.
package enum HostProcessor {
  /// Name of the best instruction set of generated code that it has.
  package static let instructionSet: String = {
    #if arch(x86_64)
      let flags = features
      if flags.isSuperset(of: ["avx512f", "avx512dq", "avx512bw", "avx512vl", "fma"]) { return "avx512" }
      if flags.isSuperset(of: ["avx2", "fma"]) { return "avx2" }
    #endif
    return "portable"
  }()

  /// What the Linux kernel says of the first processor; empty elsewhere.
  private static var features: Set<String> {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
    else { return [] }
    return Set(line.split(separator: " ").map(String.init))
  }
}
