import SourceText

/// `with sgd(rate: 0.01)`, `schedule step(…)`, `augment flip(…)`, `clip norm(1)`, `freeze conv1.*`.
package struct TrainDirective: Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case with, schedule, augment, clip, accumulate, freeze
  }

  package struct Argument: Sendable {
    package var name: String?
    package var value: Attribute
    /// Where the whole argument stands, and its name.
    package var range: SourceRange
    package var nameRange: SourceRange

    package init(
      name: String?, value: Attribute, range: SourceRange = .unknown, nameRange: SourceRange = .unknown
    ) {
      self.name = name
      self.value = value
      self.range = range
      self.nameRange = nameRange
    }
  }

  package var kind: Kind
  /// The name called, or the paths frozen.
  package var names: [String]
  package var arguments: [Argument]
  package var range: SourceRange
  /// Where the name stands that is called.
  package var nameRange: SourceRange

  package init(
    kind: Kind, names: [String], arguments: [Argument], range: SourceRange = .unknown,
    nameRange: SourceRange = .unknown
  ) {
    self.kind = kind
    self.names = names
    self.arguments = arguments
    self.range = range
    self.nameRange = nameRange
  }

  /// Whether the path of a `freeze`, which may end in `.*`, means this parameter.
  package static func freezes(_ path: String, _ parameter: String) -> Bool {
    path.hasSuffix(".*") ? parameter.hasPrefix(path.dropLast()) : parameter == path
  }
}

extension TrainDirective: Equatable {
  /// Ranges do not count: text printed and parsed again is the same directive.
  package static func == (left: TrainDirective, right: TrainDirective) -> Bool {
    left.kind == right.kind && left.names == right.names && left.arguments == right.arguments
  }
}

extension TrainDirective.Argument: Equatable {
  /// Ranges do not count.
  package static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.value == right.value
  }
}
