/// Where running code finds its axes and locals: numbered slots, handed out by `CodeBuilder`.
struct Frame {
  let axes: UnsafeMutablePointer<Int>
  let locals: UnsafeMutablePointer<Double>

  /// The slot that counts the rows of the result; axes come behind it.
  static let rowSlot = 0
}

typealias IndexCode = (Frame) -> Int
typealias ScalarCode = (Frame) -> Double

/// An index as running code sees it: a weighted sum of axis slots and of parts that are not affine.
struct AffineIndex {
  struct Term {
    var slot: Int
    var factor: Int
  }

  struct Atom {
    var code: IndexCode
    var factor: Int
  }

  var constant = 0
  var terms: [Term] = []
  var atoms: [Atom] = []

  private var isZero: Bool { constant == 0 && terms.isEmpty && atoms.isEmpty }

  var code: IndexCode {
    let (constant, terms) = (constant, terms)
    if let atom = atoms.last {
      var rest = self
      rest.atoms.removeLast()
      let (start, code, factor) = (rest.code, atom.code, atom.factor)
      if rest.isZero, factor == 1 { return code }
      return { start($0) &+ code($0) &* factor }
    }
    switch terms.count {
    case 0:
      return { _ in constant }
    case 1:
      let a = terms[0]
      return { $0.axes[a.slot] &* a.factor &+ constant }
    case 2:
      let (a, b) = (terms[0], terms[1])
      return { $0.axes[a.slot] &* a.factor &+ $0.axes[b.slot] &* b.factor &+ constant }
    case 3:
      let (a, b, c) = (terms[0], terms[1], terms[2])
      return { frame in
        let start = frame.axes[a.slot] &* a.factor &+ frame.axes[b.slot] &* b.factor
        return start &+ frame.axes[c.slot] &* c.factor &+ constant
      }
    default:
      var rest = self
      rest.terms.removeFirst(2)
      let (a, b, others) = (terms[0], terms[1], rest.code)
      return { $0.axes[a.slot] &* a.factor &+ $0.axes[b.slot] &* b.factor &+ others($0) }
    }
  }
}

extension CodeBuilder {
  mutating func code(_ index: Index, _ scope: Scope) -> IndexCode { affine(index, scope).code }

  mutating func affine(_ index: Index, _ scope: Scope) -> AffineIndex {
    let form = LinearForm(index)
    var result = AffineIndex(constant: form.constant)
    for term in form.terms {
      if case .axis(let axis) = term.atom {
        result.terms.append(.init(slot: slot(of: axis, scope), factor: term.factor))
      } else {
        result.atoms.append(.init(code: atom(term.atom, scope), factor: term.factor))
      }
    }
    return result
  }

  /// Code of an index that is not a sum. Wild data wraps here and is caught where it is used as a place.
  private mutating func atom(_ index: Index, _ scope: Scope) -> IndexCode {
    switch index {
    case .constant, .axis, .sum:
      return code(index, scope)
    case .product(let left, let right):
      let (a, b) = (code(left, scope), code(right, scope))
      return { a($0) &* b($0) }
    case .quotient(let value, let divisor):
      let a = code(value, scope)
      return { a($0).dividedRoundingDown(by: divisor) }
    case .remainder(let value, let divisor):
      let a = code(value, scope)
      return { frame in
        let rest = a(frame) % divisor
        return rest < 0 ? rest + divisor : rest
      }
    case .minimum(let left, let right):
      let (a, b) = (code(left, scope), code(right, scope))
      return { min(a($0), b($0)) }
    case .maximum(let left, let right):
      let (a, b) = (code(left, scope), code(right, scope))
      return { max(a($0), b($0)) }
    case .value(let scalar):
      let a = code(scalar, scope)
      return { Int(position: a($0)) }
    }
  }
}

extension Int {
  /// A number as a position: truncated toward zero. What lies far beyond any tensor stays far beyond, and so
  /// does what is not a number.
  init(position value: Double) {
    let limit = 0x1p50
    self = value.isNaN ? -Int(limit) : Int(Swift.min(Swift.max(value, -limit), limit))
  }
}
