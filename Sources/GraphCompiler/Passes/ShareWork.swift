import LoopIR

/// Marks the loops of large kernels as shared among threads, and gives every thread memory of its own where a kernel
/// needs some to work in. Programs for one thread stay as they are.
package func shareWork(_ program: Program) -> Program {
  if program.threads == 1 { return program }
  var program = program
  for place in program.kernels.indices {
    let users = program.steps.filter { $0.kernel == place }
    guard users.contains(where: { program.isLarge($0) }), let shared = program.kernels[place].sharingLoops else { continue }
    program.kernels[place] = shared
    for step in users {
      for (parameter, buffer) in zip(shared.parameters, step.arguments) where parameter.role == .scratch {
        program[buffer].copies = program.threads
      }
    }
  }
  return program
}

extension Program {
  /// Work that takes far longer than the threads need to agree on it: some microseconds.
  fileprivate func isLarge(_ step: Step) -> Bool {
    let written = zip(kernels[step.kernel].parameters, step.arguments)
      .filter { $0.0.role != .read }.map { self[$0.1].type.count }
    return step.provenance.operationCount >= 200_000 || (written.max() ?? 0) >= 16_384
  }
}
