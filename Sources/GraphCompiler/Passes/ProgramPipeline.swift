import LoopIR
import SourceText

/// From what is computed to where and how: the passes on programs, in order.
package enum ProgramPipeline {
  package static let passes: [Pass<Program>] = [
    // Before axes are merged: margins are per dimension.
    Pass(
      "materialize-padding", "copies inputs with a margin, so that windows need no edge tests",
      materializePadding),
    // Before schedules are chosen: longer axes make better tiles.
    Pass(
      "collapse-axes", "merges neighbouring axes that every tensor of a kernel walks together",
      collapseKernelAxes),
    // Decides the layouts of weights, on which kernels must agree to be shared.
    Pass(
      "choose-schedules", "chooses tiles and vectors for every kernel and makes its loops", chooseSchedules),
    // After scheduling, when everything that distinguishes two kernels is known.
    Pass("share-kernels", "lets identical layers call one function", shareKernels),
    // Last: every buffer is known now.
    Pass("plan-arena", "gives every buffer its place in memory", planArena),
  ]
}
