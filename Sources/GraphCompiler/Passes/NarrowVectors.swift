import LoopIR

/// Cuts vector loops that have more lanes than the registers of a program into several. Tiles are made for them
/// already; what is left are loops over blocks of channels.
package func narrowVectors(_ program: Program) -> Program {
  if program.registers.lanes == Layout.block { return program }
  var program = program
  program.kernels = program.kernels.map { $0.narrowingVectors(to: program.registers.lanes) }
  return program
}
