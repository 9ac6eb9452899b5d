/// An argument of what a train section calls: `rate` of `with sgd(rate: 0.01)`.
package struct TrainArgument: Sendable, Hashable {
  /// The values that it may have.
  package enum Domain: Sendable, Hashable {
    /// Finite numbers above 0.
    case positive
    /// Finite numbers from 0 on.
    case nonNegative
    /// Numbers from 0 on, below 1.
    case fraction
    /// Whole numbers from that one on, up to 2^53.
    case count(atLeast: Int)
    case flag
    /// A finite number, or a list of them.
    case numbers
  }

  package var name: String
  package var domain: Domain
  /// Nil where it must be given.
  package var defaultValue: Attribute?
  /// One line: what it means, its unit.
  package var summary: String

  package init(
    _ name: String, _ domain: Domain, default defaultValue: Attribute? = nil, _ summary: String
  ) {
    self.name = name
    self.domain = domain
    self.defaultValue = defaultValue
    self.summary = summary
  }
}

extension TrainArgument.Domain {
  /// What messages ask for.
  var expectation: String {
    switch self {
    case .positive: "a number above 0"
    case .nonNegative: "a number of at least 0"
    case .fraction: "a number of at least 0 and below 1"
    case .count(let least): "a whole number of at least \(least)"
    case .flag: "true or false"
    case .numbers: "a finite number or a list of them"
    }
  }

  func contains(_ value: Attribute) -> Bool {
    switch self {
    case .positive: Self.number(value).map { $0 > 0 && $0.isFinite } ?? false
    case .nonNegative: Self.number(value).map { $0 >= 0 && $0.isFinite } ?? false
    case .fraction: Self.number(value).map { $0 >= 0 && $0 < 1 } ?? false
    case .count(let least):
      if case .int(let count) = value { count >= least && count <= 1 << 53 } else { false }
    case .flag:
      if case .bool = value { true } else { false }
    case .numbers: TrainArguments.numbers(value).map { !$0.isEmpty && $0.allSatisfy(\.isFinite) } ?? false
    }
  }

  private static func number(_ value: Attribute) -> Double? {
    switch value {
    case .int(let number): Double(number)
    case .float(let number): number
    case .bool, .string, .list: nil
    }
  }
}

/// The arguments of one call in a train section, checked and with defaults filled in.
package struct TrainArguments: Sendable, Hashable {
  private var values: [String: Attribute]

  init(_ values: [String: Attribute]) { self.values = values }

  /// The defaults alone.
  init(defaultsOf arguments: [TrainArgument]) {
    let defaults = arguments.compactMap { argument in argument.defaultValue.map { (argument.name, $0) } }
    values = Dictionary(uniqueKeysWithValues: defaults)
  }

  /// A number; the argument must be declared as one.
  package func number(_ name: String) -> Double {
    switch values[name] {
    case .int(let value): Double(value)
    case .float(let value): value
    default: preconditionFailure("'\(name)' is not declared as a number")
    }
  }

  /// A whole number; the argument must be declared as one.
  package func count(_ name: String) -> Int {
    guard case .int(let value) = values[name] else {
      preconditionFailure("'\(name)' is not declared as a whole number")
    }
    return value
  }

  /// True or false; the argument must be declared so.
  package func flag(_ name: String) -> Bool {
    guard case .bool(let value) = values[name] else {
      preconditionFailure("'\(name)' is not declared as true or false")
    }
    return value
  }

  /// One number or several; the argument must be declared as such.
  package func numbers(_ name: String) -> [Double] {
    guard let numbers = values[name].flatMap(Self.numbers) else {
      preconditionFailure("'\(name)' is not declared as numbers")
    }
    return numbers
  }

  /// Nil where the value is or holds something else.
  fileprivate static func numbers(_ value: Attribute) -> [Double]? {
    do throws(AttributeError) { return try [Double](attribute: value) } catch { return nil }
  }
}
