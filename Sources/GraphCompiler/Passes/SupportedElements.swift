import LoopIR
import SourceText

extension Graph {
  /// Refuses element types in which generated C cannot compute: C11 has no half precision.
  func requireSupportedElements() throws(CompileError) {
    let mistakes = [ElementType.f16, .bf16].compactMap { element -> Diagnostic? in
      guard let info = values.first(where: { $0.type.element == element }) else { return nil }
      return Diagnostic(
        .error, "unsupported-element",
        "generated code does not compute in \(element.rawValue) yet: '\(info.name)'",
        at: info.range, kind: .unsupported, help: "declare it as f32")
    }
    if let error = CompileError(mistakes) { throw error }
  }
}
