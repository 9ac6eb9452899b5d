import SourceText

/// How one ONNX operator is read: what it becomes in the language's operators.
///
/// Rules stand in the files of the operators that they make; those that make several, or none, under `Operators`.
package struct ONNXRule: Sendable {
  /// As ONNX spells it: `Conv`.
  package var name: String
  /// "" is ONNX itself.
  package var domain: String
  /// Whether the ONNX operator says the same as ours in the same form, so that the rule also tells how to
  /// write it.
  package var isInvertible = false
  /// The operator set from which on ONNX has it in this form.
  package var version = 1
  /// One value for each result of the node; nil for a result that nobody uses.
  package var read: @Sendable (ONNXCall) throws -> [Value?]

  package init(
    _ name: String, domain: String = "", _ read: @escaping @Sendable (ONNXCall) throws -> [Value?]
  ) {
    self.name = name
    self.domain = domain
    self.read = read
  }
}

extension Op {
  package static var onnx: [ONNXRule] { [] }

  /// A rule for an ONNX operator with the same operands in the same order. Attributes are taken over by the
  /// fields that name their ONNX attribute.
  /// - Parameters:
  ///   - isInvertible: True where the adjustment only concerns defaults and old operator sets.
  ///   - adjust: Sets what is said in another way there.
  package static func reads(
    _ name: String, isInvertible: Bool = false,
    _ adjust: @escaping @Sendable (inout Self, ONNXCall) throws -> Void
  ) -> ONNXRule {
    var rule = ONNXRule(name) { call in
      var op = Self()
      try op.adoptAttributes(of: call)
      try adjust(&op, call)
      return try call.applyAll(op, try call.presentInputs(for: Self.self))
    }
    rule.isInvertible = isInvertible
    return rule
  }

  /// The same where nothing needs to be adjusted.
  /// - Parameter version: the operator set that brought the operator, where it is a late one.
  package static func reads(_ name: String, since version: Int = 1) -> ONNXRule {
    var rule = reads(name, isInvertible: true) { _, _ in }
    rule.version = version
    return rule
  }

  /// Sets every field that names an ONNX attribute which the node has.
  package mutating func adoptAttributes(of call: ONNXCall) throws(OpError) {
    for field in Self.fields {
      guard let name = field.onnx, let attribute = try call.attribute(name, like: field.get(Self())) else { continue }
      do throws(AttributeError) {
        try field.set(&self, attribute)
      } catch {
        throw error.ofAttribute(name, attribute)
      }
    }
  }
}

extension ONNXCall {
  /// An attribute of the node for a field with such a default.
  fileprivate func attribute(_ name: String, like defaultValue: Attribute) throws(OpError) -> Attribute? {
    guard let attribute = try attribute(name) else { return nil }
    guard !attribute.mentionsNaN else { throw OpError("expected numbers for attribute '\(name)', found NaN") }
    // ONNX does not take one number for a list of one.
    if case .list = defaultValue {
      guard case .list = attribute else { throw AttributeError(expected: "a list").ofAttribute(name, attribute) }
    }
    return attribute
  }
}

extension AttributeError {
  fileprivate func ofAttribute(_ name: String, _ found: Attribute) -> OpError {
    OpError("expected \(expectation) for attribute '\(name)', found \(found)")
  }
}

/// Every ONNX operator that is read, by domain and name.
package enum ONNXRules {
  package static let all: [ONNXRule] =
    OpTable.all.flatMap { $0.onnx } + ONNXOperators.all.flatMap { $0.rules }

  private static let byName: [String: ONNXRule] = Dictionary(
    all.map { (key($0.domain, $0.name), $0) }, uniquingKeysWith: { first, _ in first })

  package static func find(_ name: String, domain: String) -> ONNXRule? { byName[key(domain, name)] }

  private static func key(_ domain: String, _ name: String) -> String { "\(domain):\(name)" }
}

/// ONNX operators without a counterpart of their own: a folder of files, one for each family.
package protocol ONNXOperatorFamily: Sendable {
  static var rules: [ONNXRule] { get }
}
