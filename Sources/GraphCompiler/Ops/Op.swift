import LoopIR
import SourceText

/// An operator, declared in one file: its name, operands, attributes, type rule and meaning.
///
/// Meaning is given in one of two ways: `PrimitiveOp` has index equations, `CompositeOp` a body in simpler
/// operators. Default attribute values are the initial values of the properties.
package protocol Op: Sendable, Equatable {
  /// As the `.graph` language spells it, in the literature's words: `conv`, `leaky_relu`.
  static var name: String { get }
  /// One line for `graphc ops`: the formula or the source.
  static var summary: String { get }
  static var operands: [Operand] { get }
  static var fields: [Field<Self>] { get }
  /// Expressions in the `.graph` language; an operand is written as its type, `relu(f32[2, 3])`.
  /// Every one is printed, parsed back, typed, evaluated and compiled by the tests.
  static var examples: [String] { get }
  /// Which ONNX operators become this one.
  static var onnx: [ONNXRule] { get }

  init()

  /// Writes out what depends on the operands: one number for all spatial axes, "same" padding, negative axes.
  /// Runs before `resultTypes`, and again changes nothing.
  mutating func resolve(_ operands: [TensorType]) throws(OpError)

  /// One type for each result. Throws where the operands do not fit; the message shows their shapes.
  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType]

  /// What fits but looks like a mistake, such as pixels that no window sees. Asked only where `resultTypes`
  /// succeeds.
  func remarks(_ operands: [TensorType]) -> [String]

  /// Writes the operator as nodes of ONNX; false where ONNX does not have it. By default the inverse of its
  /// rule.
  func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool

  /// True where the result has the operand's elements in the same row-major order (reshape, flatten): no
  /// kernel is needed, the result is another view of the same memory.
  var keepsRowMajorOrder: Bool { get }
}

/// One operand of an operator; a variadic one stands for one or more, and is the last.
package struct Operand: Sendable, Hashable {
  package enum Count: Sendable, Hashable { case one, optional, variadic }

  package var name: String
  package var count: Count
  /// True for a statistic of the data (a running mean): a parameter that no gradient changes.
  package var isStatistic: Bool

  package init(_ name: String, _ count: Count = .one, isStatistic: Bool = false) {
    self.name = name
    self.count = count
    self.isStatistic = isStatistic
  }
}

extension Operand: CustomStringConvertible {
  package var description: String {
    switch count {
    case .one: name
    case .optional: "\(name)?"
    case .variadic: "\(name)…"
    }
  }
}

/// A mistake in the use of an operator: what does not fit, and what would cure it.
package struct OpError: Error {
  package enum Place: Sendable, Hashable { case node, field(String), operand(Int) }

  package var place: Place
  package var message: String
  /// Unsupported where another compiler might do it.
  package var kind: ErrorKind
  package var help: String?

  package init(
    _ message: String, at place: Place = .node, kind: ErrorKind = .invalidInput, help: String? = nil
  ) {
    self.message = message
    self.place = place
    self.kind = kind
    self.help = help
  }
}

/// An operator whose meaning is index equations, one for each result.
package protocol PrimitiveOp: Op {
  /// The tensors carry the names that the kernel will use: those of `operands` (variadic ones numbered) and
  /// `y`, or `y0 y1 …` for several results.
  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation]
}

/// An operator whose meaning is a body in simpler operators. It stays whole until `expand-composites`.
package protocol CompositeOp: Op {
  /// One value for each result.
  func expand(_ builder: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value]
}

/// An operator with parameters of its own, which a chain implies: `conv(6, kernel: 5)` makes `conv1.weight`.
package protocol LayerOp: Op {
  /// Number of operands that the layer form is given; by default one, the tensor that flows.
  static var givenCount: Int { get }
  /// Arguments of the layer form only, in positional order: `channels`, `kernel`, `bias`.
  static var layerArguments: [LayerArgument] { get }
  /// The operands that the layer form makes, after the ones that it is given.
  func impliedParameters(_ given: [TensorType], _ arguments: LayerArguments) throws(OpError) -> [ImpliedParameter]
}

/// An argument of the layer form that the written-out form reads off the shapes of the parameters.
package struct LayerArgument: Sendable, Hashable {
  package var name: String
  /// nil where the argument must be given.
  package var defaultValue: Attribute?
  package var summary: String

  package init(_ name: String, default defaultValue: Attribute? = nil, _ summary: String) {
    self.name = name
    self.defaultValue = defaultValue
    self.summary = summary
  }
}

/// A parameter that the layer form makes: `weight` of `conv1` becomes `conv1.weight`.
package struct ImpliedParameter: Sendable, Hashable {
  package var name: String
  package var type: TensorType
  package var initializer: Initializer

  package init(_ name: String, _ type: TensorType, _ initializer: Initializer) {
    self.name = name
    self.type = type
    self.initializer = initializer
  }
}

/// The arguments that a layer form was called with, defaults filled in.
package struct LayerArguments: Sendable {
  private var values: [String: Attribute]

  package init(_ values: [String: Attribute]) { self.values = values }

  /// The argument as a Swift value; throws at the argument's place where it does not fit.
  package func value<T: AttributeConvertible>(_ name: String, as type: T.Type = T.self) throws(OpError) -> T {
    guard let attribute = values[name] else {
      throw OpError("'\(name)' is missing", help: "give it, as in '\(name): 3'")
    }
    do {
      return try T(attribute: attribute)
    } catch {
      throw OpError("expected \(error.expectation) for '\(name)', found \(attribute)", at: .field(name))
    }
  }
}

extension LayerOp {
  package static var givenCount: Int { 1 }
}

extension Op {
  package static var fields: [Field<Self>] { [] }

  package mutating func resolve(_ operands: [TensorType]) throws(OpError) {}

  package func remarks(_ operands: [TensorType]) -> [String] { [] }

  package var keepsRowMajorOrder: Bool { false }

  /// Attributes that are NaN equal themselves.
  package func isEqual(to other: any Op) -> Bool {
    guard let other = other as? Self else { return false }
    if self == other { return true }
    let attributes = Self.fields.map { ($0.get(self), $0.get(other)) }
    return attributes.contains { $0.0.mentionsNaN } && attributes.allSatisfy { "\($0)" == "\($1)" }
  }

  /// The attributes that must be written for `resolve` to restore all of them, in declaration order: those
  /// that differ from what their defaults become for these operands.
  package func writtenAttributes(_ operands: [TensorType]) -> [(name: String, value: Attribute)] {
    var written = self
    return Self.fields.reversed().filter { field in
      var shorter = written
      guard (try? field.set(&shorter, field.get(Self()))) != nil else { return true }
      var restored = shorter
      guard (try? restored.resolve(operands)) != nil, restored == self else { return true }
      written = shorter
      return false
    }.reversed().map { ($0.name, $0.get(self)) }
  }
}
