/// A sum of atoms with integer factors: the normal form of index arithmetic.
///
/// An atom is an axis or an index expression that is not a sum (quotient, minimum, data).
package struct LinearForm: Hashable, Sendable {
  package struct Term: Hashable, Sendable {
    package var atom: Index
    package var factor: Int
  }

  package var terms: [Term]
  package var constant: Int

  package init(_ index: Index) {
    self.init(index, atom: { $0 })
  }

  /// - Parameter atom: what stands for an atom, in normal form.
  fileprivate init(_ index: Index, atom: (Index) -> Index) {
    terms = []
    constant = 0
    add(index, times: 1, atom)
  }

  package mutating func add(_ index: Index, times factor: Int) {
    add(index, times: factor, { $0 })
  }

  /// Adds a position that may not be in normal form.
  mutating func add(simplifying index: Index, times factor: Int) {
    add(index, times: factor, \.simplified)
  }

  private mutating func add(_ index: Index, times factor: Int, _ atom: (Index) -> Index) {
    switch index {
    case .constant(let value):
      constant &+= value &* factor
    case .sum(let left, let right):
      add(left, times: factor, atom)
      add(right, times: factor, atom)
    case .product(let left, .constant(let number)):
      add(left, times: factor &* number, atom)
    case .product(let left, let right):
      let (a, b) = (LinearForm(left, atom: atom), LinearForm(right, atom: atom))
      if b.terms.isEmpty {
        add(a, times: factor &* b.constant)
      } else if a.terms.isEmpty {
        add(b, times: factor &* a.constant)
      } else {
        add(atom: .product(a.index, b.index), times: factor)
      }
    case .axis, .quotient, .remainder, .minimum, .maximum, .value:
      let normal = atom(index)
      switch normal {
      case .axis, .quotient, .remainder, .minimum, .maximum, .value: add(atom: normal, times: factor)
      case .constant, .sum, .product: add(normal, times: factor)
      }
    }
  }

  private mutating func add(_ other: LinearForm, times factor: Int) {
    constant &+= other.constant &* factor
    for term in other.terms { add(atom: term.atom, times: term.factor &* factor) }
  }

  private mutating func add(atom: Index, times factor: Int) {
    if let place = terms.firstIndex(where: { $0.atom == atom }) {
      terms[place].factor &+= factor
      if terms[place].factor == 0 { terms.remove(at: place) }
    } else if factor != 0 {
      terms.append(Term(atom: atom, factor: factor))
    }
    joinParts(of: atom)
  }

  /// `(x / k) * k + x % k` is `x`.
  private mutating func joinParts(of atom: Index) {
    guard case .quotient(let value, let divisor) = atom.quotientOfParts,
      let coarse = terms.firstIndex(where: { $0.atom == .quotient(value, divisor) }),
      let fine = terms.firstIndex(where: { $0.atom == .remainder(value, divisor) }),
      terms[coarse].factor == terms[fine].factor &* divisor
    else { return }
    let factor = terms[fine].factor
    for place in [coarse, fine].sorted(by: >) { terms.remove(at: place) }
    add(value, times: factor)
  }

  /// Factor of an axis; 0 where it does not occur (it may still occur inside an atom).
  package func factor(of axis: Axis) -> Int {
    terms.first { $0.atom == .axis(axis) }?.factor ?? 0
  }

  /// True where every term is an axis.
  package var isAffine: Bool {
    terms.allSatisfy { if case .axis = $0.atom { true } else { false } }
  }

  package var index: Index {
    var result: Index?
    for term in terms {
      let product = term.factor == 1 ? term.atom : .product(term.atom, .constant(term.factor))
      result = result.map { .sum($0, product) } ?? product
    }
    guard let sum = result else { return .constant(constant) }
    return constant == 0 ? sum : .sum(sum, .constant(constant))
  }
}

extension Index {
  /// The quotient, of a quotient or the remainder that belongs to it.
  fileprivate var quotientOfParts: Index? {
    switch self {
    case .quotient: self
    case .remainder(let value, let divisor): .quotient(value, divisor)
    case .constant, .axis, .sum, .product, .minimum, .maximum, .value: nil
    }
  }

  /// The same position in normal form. Laws, one a line:
  ///
  ///     (a * k + b) / k  =  a + b / k            where b's terms have factors that k does not divide
  ///     x / k            =  constant             where every value of x falls into one interval of k
  ///     (a * k + b) % k  =  b % k
  ///     x % k            =  x                    where 0 <= x < k
  ///     x / k * k + x % k  =  x
  ///     min(a, b)        =  a                    where a is never above b
  package var simplified: Index { substituting([:]) }

  /// Axes replaced by other positions, in normal form.
  package func substituting(_ replacements: [Axis: Index]) -> Index {
    func visit(_ index: Index) -> Index { index.substituting(replacements) }
    switch self {
    case .constant:
      return self
    case .axis(let axis):
      return replacements.isEmpty ? self : replacements[axis]?.simplified ?? self
    case .sum, .product:
      return LinearForm(self, atom: visit).index
    case .quotient(let value, let divisor):
      return Index.quotient(visit(value), by: divisor)
    case .remainder(let value, let divisor):
      return Index.remainder(visit(value), by: divisor)
    case .minimum(let left, let right):
      return Index.minimum(of: visit(left), visit(right))
    case .maximum(let left, let right):
      return Index.maximum(of: visit(left), visit(right))
    case .value(let scalar):
      if case .index(let index) = scalar { return visit(index) }
      return replacements.isEmpty ? self : .value(scalar.substituting(replacements))
    }
  }

  private static func quotient(_ value: Index, by divisor: Int) -> Index {
    if divisor == 1 { return value }
    let (whole, rest) = split(value, by: divisor)
    if let range = rest.range {
      let low = range.lowerBound.dividedRoundingDown(by: divisor)
      if low == range.upperBound.dividedRoundingDown(by: divisor) {
        return LinearForm(.sum(whole, .constant(low))).index
      }
    }
    if let (coarse, _, unit) = separate(rest, divisor) {
      return LinearForm(.sum(whole, quotient(coarse, by: divisor / unit))).index
    }
    if case .quotient(let inner, let first) = rest {
      let (product, overflow) = first.multipliedReportingOverflow(by: divisor)
      if !overflow { return LinearForm(.sum(whole, quotient(inner, by: product))).index }
    }
    return LinearForm(.sum(whole, .quotient(rest, divisor))).index
  }

  private static func remainder(_ value: Index, by divisor: Int) -> Index {
    if divisor == 1 { return .constant(0) }
    let rest = split(value, by: divisor).rest
    if let range = rest.range, range.lowerBound >= 0, range.upperBound < divisor { return rest }
    if let (coarse, fine, unit) = separate(rest, divisor) {
      return LinearForm(.sum(.product(remainder(coarse, by: divisor / unit), .constant(unit)), fine)).index
    }
    return .remainder(rest, divisor)
  }

  /// `value = coarse * unit + fine`, where the unit divides the divisor and the fine part never reaches the next unit:
  /// `16 * a + b` by 32 for `b` below 16. nil where there is no such unit.
  private static func separate(_ value: Index, _ divisor: Int) -> (coarse: Index, fine: Index, unit: Int)? {
    let units = Set(LinearForm(value).terms.map { greatestCommonDivisor($0.factor, divisor) }).subtracting([1])
    for unit in units.sorted() {
      let (coarse, fine) = split(value, by: unit)
      if let range = fine.range, range.lowerBound >= 0, range.upperBound < unit { return (coarse, fine, unit) }
    }
    return nil
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a.magnitude, b.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    return Int(clamping: a)
  }

  /// `value = whole * divisor + rest`, the rest holding the terms that the divisor does not divide.
  private static func split(_ value: Index, by divisor: Int) -> (whole: Index, rest: Index) {
    var whole = LinearForm(.constant(0))
    var rest = LinearForm(.constant(0))
    let form = LinearForm(value)
    for term in form.terms {
      if term.factor.isMultiple(of: divisor) {
        whole.terms.append(.init(atom: term.atom, factor: term.factor / divisor))
      } else {
        rest.terms.append(term)
      }
    }
    whole.constant = form.constant.dividedRoundingDown(by: divisor)
    rest.constant = form.constant - whole.constant * divisor
    return (whole.index, rest.index)
  }

  private static func minimum(of left: Index, _ right: Index) -> Index {
    guard let a = left.range, let b = right.range else { return .minimum(left, right) }
    if a.upperBound <= b.lowerBound { return left }
    if b.upperBound <= a.lowerBound { return right }
    return .minimum(left, right)
  }

  private static func maximum(of left: Index, _ right: Index) -> Index {
    guard let a = left.range, let b = right.range else { return .maximum(left, right) }
    if a.lowerBound >= b.upperBound { return left }
    if b.lowerBound >= a.upperBound { return right }
    return .maximum(left, right)
  }

  /// All values that the expression can take lie in this range; nil where data decides, or beyond all
  /// numbers.
  package var range: ClosedRange<Int>? {
    switch self {
    case .constant(let value):
      return value...value
    case .axis(let axis):
      return 0...max(0, axis.extent - 1)
    case .sum(let left, let right):
      guard let a = left.range, let b = right.range else { return nil }
      let low = a.lowerBound.addingReportingOverflow(b.lowerBound)
      let high = a.upperBound.addingReportingOverflow(b.upperBound)
      return low.overflow || high.overflow ? nil : low.partialValue...high.partialValue
    case .product(let left, let right):
      guard let a = left.range, let b = right.range else { return nil }
      guard let low = a.multiplied(by: b.lowerBound), let high = a.multiplied(by: b.upperBound) else { return nil }
      return min(low.lowerBound, high.lowerBound)...max(low.upperBound, high.upperBound)
    case .quotient(let value, let divisor):
      guard let a = value.range else { return nil }
      return a.lowerBound.dividedRoundingDown(by: divisor)...a.upperBound.dividedRoundingDown(by: divisor)
    case .remainder(_, let divisor):
      return 0...divisor - 1
    case .minimum(let left, let right):
      guard let a = left.range, let b = right.range else { return nil }
      return min(a.lowerBound, b.lowerBound)...min(a.upperBound, b.upperBound)
    case .maximum(let left, let right):
      guard let a = left.range, let b = right.range else { return nil }
      return max(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
    case .value:
      return nil
    }
  }
}

extension ClosedRange<Int> {
  /// All multiples; nil where one is beyond all numbers.
  fileprivate func multiplied(by factor: Int) -> ClosedRange<Int>? {
    let first = lowerBound.multipliedReportingOverflow(by: factor)
    let last = upperBound.multipliedReportingOverflow(by: factor)
    if first.overflow || last.overflow { return nil }
    let (low, high) = (first.partialValue, last.partialValue)
    return Swift.min(low, high)...Swift.max(low, high)
  }
}

extension Int {
  /// Division that rounds toward minus infinity; the divisor is positive.
  package func dividedRoundingDown(by divisor: Int) -> Int {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }
}
