import SourceText

/// C functions that measure what a machine reaches at most: multiply-adds on registers alone, and reading memory that
/// no cache holds. They stand behind the kernels in one file, and use the same threads.
struct MachineProbe {
  private let family: InstructionSet
  private let function: BundleFunction

  /// Sums that are computed at once while memory is read.
  private static let streams = 8
  /// Operations of one measurement: about a millisecond.
  private static let operationCount = 200_000_000

  init(_ family: InstructionSet, _ function: BundleFunction) {
    self.family = family
    self.function = function
  }

  func write(to writer: inout TextWriter) {
    writer.line("typedef float graphc_vector __attribute__((vector_size(\(4 * family.registers.lanes))));")
    writer.line("static volatile float graphc_results[\(Program.mostThreads)][16];")
    writer.line("static volatile float graphc_factor = 0.5f;")
    writer.blank()
    family.pushTarget(to: &writer)
    multiplyAdds(&writer)
    writer.blank()
    reads(&writer)
    family.popTarget(to: &writer)
    writer.blank()
    share(&writer)
    writer.blank()
    entries(&writer)
  }

  private func multiplyAdds(_ writer: inout TextWriter) {
    let names = (0..<family.accumulators).map { "s\($0)" }
    let head =
      "static __attribute__((noinline)) void graphc_multiply_adds(const void *work, int part, int parts)"
    writer.block("\(head) {") { writer in
      writer.line("(void)parts;")
      writer.line("const long rounds = *(const long *)work;")
      writer.line("const graphc_vector factor = (graphc_vector){0} + graphc_factor;")
      for (place, name) in names.enumerated() {
        writer.line("graphc_vector \(name) = factor + (float)\(place);")
      }
      writer.block("for (long round = 0; round < rounds; round++) {") { writer in
        for name in names { writer.line("\(name) = \(name) * factor + factor;") }
      }
      writer.line("const graphc_vector sum = \(names.joined(separator: " + "));")
      writer.line("graphc_results[part][0] = sum[0];")
    }
  }

  private func reads(_ writer: inout TextWriter) {
    let names = (0..<Self.streams).map { "s\($0)" }
    writer.line("typedef struct graphc_array { const float *memory; long count; } graphc_array;")
    let head = "static __attribute__((noinline)) void graphc_reads(const void *work, int part, int parts)"
    writer.block("\(head) {") { writer in
      writer.line("const graphc_array array = *(const graphc_array *)work;")
      writer.line("const graphc_vector *vectors = (const graphc_vector *)(const void *)array.memory;")
      writer.line("const long groups = array.count / \(family.registers.lanes * Self.streams);")
      let zeros = names.map { "\($0) = {0}" }.joined(separator: ", ")
      writer.line("graphc_vector \(zeros);")
      writer.block("for (long g = groups * part / parts; g < groups * (part + 1) / parts; g++) {") { writer in
        for (place, name) in names.enumerated() {
          writer.line("\(name) += vectors[g * \(Self.streams) + \(place)];")
        }
      }
      writer.line("const graphc_vector sum = \(names.joined(separator: " + "));")
      writer.line("graphc_results[part][0] = sum[0];")
    }
  }

  /// Runs a part of the work on every thread; how many there are.
  private func share(_ writer: inout TextWriter) {
    let body = "void (*body)(const void *work, int part, int parts)"
    writer.block("static int graphc_share(\(body), const void *work) {") { writer in
      if function.isShared {
        writer.block("if (threads && threads->count > 1) {") { writer in
          writer.line("threads->run(threads->pool, threads->count, body, work);")
          writer.line("return threads->count;")
        }
      }
      writer.line("body(work, 0, 1);")
      writer.line("return 1;")
    }
  }

  private func entries(_ writer: inout TextWriter) {
    let operations = 2 * family.registers.lanes * family.accumulators
    writer.line("double graphc_peak(void);")
    writer.block("double graphc_peak(void) {") { writer in
      writer.line("const long rounds = \(Self.operationCount / operations);")
      writer.line("const double start = graphc_clock();")
      writer.line("const int parts = graphc_share(graphc_multiply_adds, &rounds);")
      writer.line("return \(operations)e-3 * rounds * parts / (graphc_clock() - start);")
    }
    writer.blank()
    writer.line("double graphc_bandwidth(const float *memory, long count);")
    writer.block("double graphc_bandwidth(const float *memory, long count) {") { writer in
      writer.line("const graphc_array array = {memory, count};")
      writer.line("const double start = graphc_clock();")
      writer.line("graphc_share(graphc_reads, &array);")
      writer.line("return 4e-3 * count / (graphc_clock() - start);")
    }
  }
}

extension InstructionSet {
  /// Sums that keep the multipliers busy and fit into the registers, with two to spare.
  fileprivate var accumulators: Int { registers.count == 32 ? 28 : 12 }
}
