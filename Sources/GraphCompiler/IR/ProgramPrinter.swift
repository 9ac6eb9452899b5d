import LoopIR
import SourceText

extension Program {
  /// Buffers, kernels and steps as text: one line a buffer and a step, loop nests indented.
  package var text: String {
    var writer = TextWriter()
    writer.block("program \(name) {") { writer in
      writer.line("// arena \(arenaByteCount) bytes, lower bound \(arenaLowerBound)")
      for buffer in buffers {
        let offset = buffer.offset.map { " at \($0)" } ?? ""
        writer.line("\(buffer.role.rawValue) \(buffer.name): \(buffer.type) \(buffer.layout)\(offset)")
      }
      for kernel in kernels {
        writer.blank()
        kernel.write(to: &writer)
      }
      writer.blank()
      for step in steps {
        let arguments = step.arguments.map { self[$0].name }.joined(separator: ", ")
        writer.line("\(kernels[step.kernel].name)(\(arguments))  // \(step.provenance.value)")
      }
    }
    return writer.text
  }
}
