import LoopIR
import SourceText

extension Graph {
  /// Refuses to train in element types whose precision is too low for sums of small steps.
  func requireTrainableElements() throws(CompileError) {
    let mistakes = [ElementType.f16, .bf16].compactMap { element -> Diagnostic? in
      guard let info = values.first(where: { $0.type.element == element }) else { return nil }
      return Diagnostic(
        .error, "unsupported-element", "training code does not compute in \(element.rawValue): '\(info.name)'",
        at: info.range, kind: .unsupported, help: "declare it as f32")
    }
    if let error = CompileError(mistakes) { throw error }
  }

  /// The largest relative error that storing a value may bring in, beyond single precision; 0 where none does.
  package var halfRounding: Double {
    if values.contains(where: { $0.type.element == .bf16 }) { return 0x1p-8 }
    return values.contains(where: { $0.type.element == .f16 }) ? 0x1p-11 : 0
  }
}
