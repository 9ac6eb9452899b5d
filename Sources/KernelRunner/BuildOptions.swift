import GraphCompiler

/// How generated C is compiled to be run on this machine.
package struct BuildOptions: Sendable, Hashable {
  package var optimization: String
  /// Which family of processors the kernels are compiled for; one of `HostProcessor.instructionSets`.
  package var instructionSet: String
  /// The code runs in a process of its own, which ends at the first stray access or undefined operation.
  package var sanitizes: Bool
  /// Threads that share the work.
  package var threads: Int

  package init(
    optimization: String = "-O2", instructionSet: String = HostProcessor.instructionSet,
    sanitizes: Bool = false, threads: Int = 1
  ) {
    self.optimization = optimization
    self.instructionSet = instructionSet
    self.sanitizes = sanitizes
    self.threads = min(max(1, threads), Program.mostThreads)
  }
}
