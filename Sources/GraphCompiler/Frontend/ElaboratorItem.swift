import SourceText

extension Elaborator {
  /// What an expression gives.
  enum Item {
    case constant(Attribute)
    case tensor(Value)
  }

  /// Why the evaluation of a statement stopped.
  indirect enum Failure: Error {
    case mistake(Diagnostic)
    /// The mistake was reported before, where the value should have been defined.
    case poisoned
  }
}

extension Elaborator.Failure {
  static func mistake(
    _ id: String, _ message: String, at range: SourceRange, notes: [Diagnostic.Note] = [], help: String? = nil
  ) -> Self {
    .mistake(Diagnostic(.error, id, message, at: range, notes: notes, help: help))
  }
}

extension Elaborator.Item {
  func tensor(at range: SourceRange) throws(Elaborator.Failure) -> Value {
    switch self {
    case .tensor(let value): return value
    case .constant(let value):
      throw .mistake(
        "type-mismatch", "expected a tensor, found \(value.kind)", at: range, help: "define it with 'const'")
    }
  }
}

extension [Elaborator.Item] {
  /// The one value of an expression that must not have several.
  func single(at range: SourceRange) throws(Elaborator.Failure) -> Elaborator.Item {
    if count == 1 { return self[0] }
    throw .mistake(
      "result-count", "expected one value, found \(count) results", at: range,
      help: "name them first: 'a, b = …'")
  }
}
