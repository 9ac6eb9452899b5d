import LoopIR
import SourceText

/// From what is computed to where and how: the passes on programs, in order, for inference and for training.
package enum ProgramPipeline {
  package static let passes: [Pass<Program>] = [
    // Before layouts, which look at what is left to be computed for every pixel.
    Pass(
      "hoist-invariants", "computes what is the same for many elements once, before them", hoistInvariants),
    // First to choose layouts: whoever finds zeros in the margin of a tensor needs no copy with a margin.
    Pass("block-channels", "lays tensors out in blocks of channels, with margins of zeros", blockChannels),
    // Parts of a tensor must have its layout.
    Pass(
      "view-concatenations", "computes what is lined up where it will stand, instead of copying it",
      viewConcatenations),
    // Needs the layouts and the margins; before schedules are chosen for what is left.
    Pass("rewrite-winograd", "computes convolutions by Winograd's algorithm where that pays", rewriteWinograd),
    // Before axes are merged: what is read side by side can be.
    Pass(
      "subsample-pixels", "copies the pixels that pointwise convolutions with strides read", subsamplePixels),
    // Before axes are merged: margins are per dimension.
    Pass(
      "materialize-padding", "copies inputs with a margin, so that windows need no edge tests",
      materializePadding),
    // Before axes are merged: the lanes of a sum are an axis of its result.
    Pass("split-sums", "gives long sums over images tensors of their own", splitSums),
    // Of sums that are alone; before schedules are chosen for their products.
    Pass(
      "rewrite-winograd-gradients", "computes gradients by weights by Winograd's algorithm where that pays",
      rewriteWinogradGradients),
    // Before schedules are chosen: longer axes make better tiles.
    Pass(
      "collapse-axes", "merges neighbouring axes that every tensor of a kernel walks together",
      collapseKernelAxes),
    // After everything that asks for products of two tensors; before tensors get their final layouts.
    Pass("halve-weights", "stores weights in half precision, where a program asks for that", halveWeights),
    // Decides the layouts of weights, on which kernels must agree to be shared.
    Pass(
      "choose-schedules", "chooses tiles and vectors for every kernel and makes its loops", chooseSchedules),
    // Every loop over lanes is there; before kernels are compared.
    Pass("narrow-vectors", "cuts vector loops that are wider than a register", narrowVectors),
    // After scheduling, when everything that distinguishes two kernels is known.
    Pass("share-kernels", "lets identical layers call one function", shareKernels),
    // Loops are settled; before memory is planned, because every thread needs some of its own.
    Pass("share-work", "shares the loops of large kernels among threads, where a program is for several", shareWork),
    // Last: every buffer is known now.
    Pass("plan-arena", "gives every buffer its place in memory", planArena),
  ]

  /// A program that was lowered, planned for each kind of registers.
  static func programs(
    _ lowered: Program, for registers: some Sequence<VectorRegisters>
  ) throws(CompileError) -> [Program] {
    let results = Array(registers).concurrentMap { registers -> Result<Program, CompileError> in
      var program = lowered
      program.registers = registers
      return Result { () throws(CompileError) in try PassRunner.programs.run(passes, on: program) }
    }
    var programs: [Program] = []
    for result in results { programs.append(try result.get()) }
    return programs
  }

  /// Tiles may need other memory to work in; all programs of a network get as much as the one that needs most.
  static func inOneArena(_ programs: [Program]) -> [Program] {
    let most = programs.map(\.arenaByteCount).max() ?? 0
    return programs.map { program in
      var program = program
      program.arenaByteCount = most
      return program
    }
  }
}
