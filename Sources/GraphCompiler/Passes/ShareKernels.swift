import LoopIR

/// Equal kernels become one, and every kernel gets a name of its own: `conv_relu_1`, `conv_relu_2`, ….
package func shareKernels(_ program: Program) -> Program {
  var program = program
  var places: [Kernel: Int] = [:]
  var kept: [Kernel] = []
  var counts: [String: Int] = [:]
  for step in program.steps.indices {
    let kernel = program.kernels[program.steps[step].kernel]
    if let place = places[kernel] {
      program.steps[step].kernel = place
      continue
    }
    places[kernel] = kept.count
    program.steps[step].kernel = kept.count
    counts[kernel.name, default: 0] += 1
    var named = kernel
    named.name = "\(kernel.name)_\(counts[kernel.name, default: 0])"
    kept.append(named)
  }
  program.kernels = kept
  return program
}
