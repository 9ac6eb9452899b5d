import LoopIR

/// Neighbouring axes that every tensor of a kernel walks together become one (`collapseAxes`); tensors become
/// views. Kernels that have loops already stay as they are.
package func collapseKernelAxes(_ program: Program) -> Program {
  var program = program
  program.kernels = program.kernels.map(collapsed)
  return program
}

private func collapsed(_ kernel: Kernel) -> Kernel {
  guard kernel.equations.count == 1, kernel.body.isEmpty else { return kernel }
  let isPlain = kernel.parameters.allSatisfy { $0.layout.isPlain }
  // A margin lies between the rows.
  if !isPlain, kernel.parameters.contains(where: { !$0.layout.halos.isEmpty }) { return kernel }
  if kernel.parameters.contains(where: { !$0.layout.isPlain && !$0.layout.isChannelBlocked }) { return kernel }
  var kernel = kernel
  let equation = collapseAxes(kernel.equations[0], keeping: isPlain ? 0 : 2)
  kernel.equations = [equation]
  for access in equation.allReads { view(access.tensor, &kernel) }
  view(equation.result, &kernel)
  return kernel
}

/// Gives the parameter of that name the shape under which the equation now knows it.
private func view(_ tensor: Tensor, _ kernel: inout Kernel) {
  guard let place = kernel.parameters.firstIndex(where: { $0.tensor.name == tensor.name }),
    kernel.parameters[place].tensor != tensor
  else { return }
  let isPlain = kernel.parameters[place].layout.isPlain
  kernel.parameters[place].tensor = tensor
  kernel.parameters[place].layout =
    isPlain ? .plain(rank: tensor.rank) : .channelBlocked(rank: tensor.rank)
}
