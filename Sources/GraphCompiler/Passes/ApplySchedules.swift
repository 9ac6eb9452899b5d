import LoopIR
import SourceText

/// Makes the loop nests of kernels from their equations and schedules:
///
///     equation y[i] = x[i] * 2
///     schedule split i 4 -> i0 i1; vectorize i1
///   →
///     for i0 in 0..<8, vector i1 in 0..<4 { y[i0*4+i1] = x[i0*4+i1] * 2 }
package let applySchedules = Pass<[Kernel]>(
  "apply-schedules", "makes the loop nests of kernels from their equations and schedules"
) { kernels throws(CompileError) in
  var result: [Kernel] = []
  for kernel in kernels { result.append(try applied(kernel)) }
  return result
}

private func applied(_ kernel: Kernel) throws(CompileError) -> Kernel {
  var kernel = kernel
  do throws(ScheduleError) {
    kernel.body = try kernel.scheduledBody()
  } catch {
    throw CompileError(
      "schedule", "'\(error.directive)' does not fit kernel '\(kernel.name)': \(error.reason)",
      at: .unknown)
  }
  return kernel
}
