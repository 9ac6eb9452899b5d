import LoopIR
import SourceText

/// The name of a family of processors, one of `InstructionSet.all`.
package typealias InstructionSetName = String

/// A C file that holds the kernels of functions and measures one of these; no other file with kernels is needed.
struct ProfileEntryPoint {
  let text: String

  /// Besides the entry points `graphc_entry_NAME` the file has
  ///
  ///     // The same, and adds what each step took.
  ///     void graphc_profile(void *const *pointers, double *microseconds);
  ///     // GFLOP/s and GB/s that this machine reaches, on as many threads as the network runs on.
  ///     double graphc_peak(void);
  ///     double graphc_bandwidth(const float *memory, long count);
  init(_ functions: [BundleFunction], measuring function: BundleFunction, _ instructionSet: InstructionSetName) {
    var writer = TextWriter()
    writer.line("#define _POSIX_C_SOURCE 200809L")
    writer.line("#include <time.h>")
    writer.blank()
    writer.line("#include \"\(function.names.module)_\(instructionSet).c\"")
    let entryPoints = SourceBundle.entryPoints(functions, instructionSet, includingKernels: false)
    writer.line(String(entryPoints.dropLast()))
    writer.blank()
    writer.block("static double graphc_clock(void) {") { writer in
      writer.line("struct timespec time;")
      writer.line("clock_gettime(CLOCK_MONOTONIC, &time);")
      writer.line("return time.tv_sec * 1e6 + time.tv_nsec * 1e-3;")
    }
    writer.blank()
    Self.profile(function, &writer)
    if let family = InstructionSet.named(instructionSet) {
      writer.blank()
      MachineProbe(family, function).write(to: &writer)
    }
    text = writer.text
  }

  private static func profile(_ function: BundleFunction, _ writer: inout TextWriter) {
    let own = function.isShared ? "\(function.ownParameters), " : "\(function.parameters), "
    writer.block("static void graphc_steps(\(own)double *graphc_microseconds) {") { writer in
      writer.line("double graphc_start_time = graphc_clock();")
      if function.isShared {
        let clock = clock("work.step - 1")
        return SharedSteps(function).writeLoop(to: &writer, afterStep: clock)
      }
      function.writePlaces(to: &writer)
      for place in function.program.steps.indices {
        writer.line("\(function.call(place));")
        writer.lines(clock("\(place)"))
      }
    }
    writer.blank()
    let entry = "void graphc_profile(void *const *pointers, double *microseconds)"
    writer.line("\(entry);")
    writer.block("\(entry) {") {
      $0.line("graphc_steps(\((function.tableArguments + ["microseconds"]).joined(separator: ", ")));")
    }
  }

  /// Adds the time since the last step to that of a step.
  private static func clock(_ place: String) -> [String] {
    [
      "graphc_microseconds[\(place)] -= graphc_start_time;", "graphc_start_time = graphc_clock();",
      "graphc_microseconds[\(place)] += graphc_start_time;",
    ]
  }
}

extension SourceBundle {
  /// See `ProfileEntryPoint`; the function is `forward`.
  package func profileEntryPoint(_ program: Program, _ instructionSet: InstructionSetName) -> String {
    let functions = BundleFunction.inference(program)
    return ProfileEntryPoint(functions, measuring: functions[0], instructionSet).text
  }
}

extension TrainingBundle {
  /// See `ProfileEntryPoint`.
  /// - Parameter name: of one of the functions.
  package func profileEntryPoint(_ name: String, _ instructionSet: InstructionSetName) -> String {
    guard let function = functions.first(where: { $0.name == name }) else {
      preconditionFailure("training has no function '\(name)'")
    }
    return ProfileEntryPoint(functions, measuring: function, instructionSet).text
  }
}
