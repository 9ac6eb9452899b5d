import LoopIR
import SourceText

/// The part of `lenet5_avx2.c` that shares the steps of a function among threads: a step, what a thread does of it,
/// and the loop over all steps.
struct SharedSteps {
  private let function: BundleFunction
  private let isShared: [Bool]

  init(_ function: BundleFunction) {
    self.function = function
    isShared = function.program.steps.map { function.program.kernels[$0.kernel].isShared }
  }

  func write(to writer: inout TextWriter) {
    step(&writer)
    writer.blank()
    work(&writer)
    writer.blank()
    loop(&writer)
  }

  private func step(_ writer: inout TextWriter) {
    writer.line("// One step, or one of several parts of its work.")
    let parameters = "\(function.parameters), int step, int part, int parts"
    writer.block("static void \(function.name)_step(\(parameters)) {") { writer in
      function.writePlaces(to: &writer)
      if !isShared.contains(true) { writer.line("(void)part, (void)parts;") }
      writer.blank()
      writer.block("switch (step) {") { writer in
        for place in function.program.steps.indices {
          writer.line("case \(place + 1): \(function.call(place)); break;")
        }
      }
    }
  }

  /// `const float *image`, each on its own.
  private var fields: [String] { function.parameters.split(separator: ", ").map(String.init) }

  private func work(_ writer: inout TextWriter) {
    let name = function.name
    writer.block("typedef struct \(name)_work {", closing: "} \(name)_work;") { writer in
      for field in fields { writer.line("\(field);") }
      writer.line("int step;")
    }
    writer.blank()
    writer.block("static void \(name)_part(const void *context, int part, int parts) {") { writer in
      writer.line("const \(name)_work *const work = context;")
      let arguments = function.arguments.split(separator: ", ").map { "work->\($0)" }
      writer.line("\(name)_step(\((arguments + ["work->step", "part", "parts"]).joined(separator: ", ")));")
    }
  }

  private func loop(_ writer: inout TextWriter) {
    writer.block("static void \(function.name)(\(function.ownParameters)) {") { writeLoop(to: &$0) }
  }

  /// The statements that run all steps, `work.step` being the number of the step, from 1.
  /// - Parameter afterStep: what stands behind each.
  func writeLoop(to writer: inout TextWriter, afterStep: [String] = []) {
    let name = function.name
    let upper = function.names.upper
    let flags = isShared.map { $0 ? "1" : "0" }.joined(separator: ", ")
    writer.line("static const char is_shared[] = {\(flags)};")
    writer.line("const int most = threads ? threads->count : 1;")
    writer.line("const int parts = most < \(upper)_MOST_THREADS ? most : \(upper)_MOST_THREADS;")
    writer.line("\(name)_work work = {\(function.arguments), 1};")
    writer.block("for (; work.step <= \(isShared.count); work.step++) {") { writer in
      writer.block("if (parts > 1 && is_shared[work.step - 1]) {", closing: "} else {") {
        $0.line("threads->run(threads->pool, parts, \(name)_part, &work);")
      }
      writer.line("  \(name)_part(&work, 0, 1);")
      writer.line("}")
      writer.lines(afterStep)
    }
  }
}
