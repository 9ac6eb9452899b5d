/// What one read of a tensor adds to the gradient of that tensor: `gradient[indices] += value`, for all positions of
/// the result and of the axes that are summed over on the way.
struct Contribution: Hashable {
  /// Axes of the reductions around the read.
  var bound: [Axis]
  var access: Access
  /// The derivative of the loss by the element that is read.
  var value: Scalar
}

/// Reverse-mode differentiation of one expression: walks from the result to the reads of a tensor and multiplies by the
/// derivative of each step (Linnainmaa 1970; Griewank & Walther, Evaluating Derivatives).
///
/// Kinks: a read on the side of an equality gets the derivative that the conventions of the field give it:
///
///     |x| at 0: 0          max(x, literal) at the literal: 0       max(x, y) at x = y: half each
///     floor, ceil, round, comparisons, positions: 0                maximum over axes: shared evenly
struct Pullback {
  let tensor: Tensor
  private(set) var contributions: [Contribution] = []
  private var names: AxisNames

  init(of equation: Equation, by tensor: Tensor, cotangent: Scalar, names: AxisNames) {
    self.tensor = tensor
    self.names = names
    walk(equation.value, cotangent, bound: [])
  }

  private func reads(_ value: Scalar) -> Bool {
    switch value {
    case .constant, .index, .local, .random: false
    // Positions are whole numbers: nothing flows through an index.
    case .read(let access): access.tensor == tensor
    case .unary(_, let a), .reduce(_, _, let a), .cast(_, let a): reads(a)
    case .binary(_, let a, let b): reads(a) || reads(b)
    case .select(_, let a, let b): reads(a) || reads(b)
    }
  }

  private mutating func walk(_ value: Scalar, _ cotangent: Scalar, bound: [Axis]) {
    guard reads(value) else { return }
    switch value {
    case .constant, .index, .local, .random: break
    case .read(let access): add(Contribution(bound: bound, access: access, value: cotangent))
    case .unary(let function, let x):
      if let slope = function.slope(at: x, value) { walk(x, cotangent * slope, bound: bound) }
    case .binary(let function, let a, let b):
      let (left, right) = function.pulled(cotangent, a, b, value)
      if let left { walk(a, left, bound: bound) }
      if let right { walk(b, right, bound: bound) }
    case .select(let condition, let a, let b):
      walk(a, select(condition, cotangent, 0), bound: bound)
      walk(b, select(condition, 0, cotangent), bound: bound)
    case .cast(let type, let x):
      if type.isFloatingPoint { walk(x, x.elementType.map { .cast($0, cotangent) } ?? cotangent, bound: bound) }
    case .reduce(let reduction, let axes, let body):
      walkReduction(reduction, axes, body, value, cotangent, bound)
    }
  }

  private mutating func walkReduction(
    _ reduction: Reduction, _ axes: [Axis], _ body: Scalar, _ total: Scalar, _ cotangent: Scalar, _ bound: [Axis]
  ) {
    let renaming = names.renaming(axes, whereUsedIn: cotangent, or: reduction == .sum ? nil : total)
    let inner = axes.map { renaming[$0] ?? $0 }
    let element = body.substituting(renaming.mapValues { .axis($0) })
    switch reduction {
    case .sum: walk(element, cotangent, bound: bound + inner)
    case .maximum, .minimum:
      // Equal extremes share.
      let counted = axes.map { Axis(names.fresh($0.name), $0.extent) }
      let other = body.substituting(Dictionary(uniqueKeysWithValues: zip(axes, counted.map(\.index))))
      let count = reduce(.sum, counted, select(other .== total, 1, 0))
      walk(element, select(element .== total, cotangent / count, 0), bound: bound + inner)
    case .product:
      // The product of all others, right even where some are 0.
      let isSame = zip(axes, inner).reduce(Scalar?.none) { condition, pair in
        let equal = Scalar.index(.axis(pair.0)) .== .index(.axis(pair.1))
        return condition.map { .binary(.and, $0, equal) } ?? equal
      }
      let others = reduce(.product, axes, select(isSame ?? 1, 1, body))
      walk(element, cotangent * others, bound: bound + inner)
    }
  }

  /// Reads of one element add up.
  private mutating func add(_ new: Contribution) {
    let place = contributions.firstIndex { $0.bound == new.bound && $0.access == new.access }
    if let place { contributions[place].value = contributions[place].value + new.value } else { contributions.append(new) }
  }
}

extension UnaryFunction {
  /// The derivative at `x`, where the function has the value `y`; nil where it is 0 everywhere.
  fileprivate func slope(at x: Scalar, _ y: Scalar) -> Scalar? {
    switch self {
    case .negate: -1
    case .absolute: select(0 .< x, 1, select(x .< 0, -1, 0))
    case .exp: y
    case .log: 1 / x
    case .sqrt: 0.5 / y
    case .sin: .unary(.cos, x)
    case .cos: -.unary(.sin, x)
    case .tan: 1 + y * y
    case .tanh: 1 - y * y
    case .asin: 1 / .unary(.sqrt, (1 - x) * (1 + x))
    case .acos: -1 / .unary(.sqrt, (1 - x) * (1 + x))
    case .atan: 1 / (1 + x * x)
    case .sinh: .unary(.cosh, x)
    case .cosh: .unary(.sinh, x)
    case .asinh: 1 / .unary(.sqrt, x * x + 1)
    case .acosh: 1 / .unary(.sqrt, (x - 1) * (x + 1))
    case .atanh: 1 / ((1 - x) * (1 + x))
    // 2 / sqrt(pi)
    case .erf: 1.1283791670955126 * LoopIR.exp(-(x * x))
    case .floor, .ceil, .round, .not, .isNaN: nil
    }
  }
}

extension BinaryFunction {
  /// The cotangents of both operands; nil where they are 0 everywhere.
  fileprivate func pulled(_ g: Scalar, _ a: Scalar, _ b: Scalar, _ y: Scalar) -> (Scalar?, Scalar?) {
    switch self {
    case .add: (g, g)
    case .subtract: (g, -g)
    case .multiply: (g * b, g * a)
    case .divide: (g / b, -(g * a / (b * b)))
    case .minimum: (Self.chosen(g, a .< b, a, b), Self.chosen(g, b .< a, b, a))
    case .maximum: (Self.chosen(g, b .< a, a, b), Self.chosen(g, a .< b, b, a))
    case .power: (Self.powerByBase(g, a, b), g * select(a .== 0, 0, y * log(a)))
    case .modulo: (g, -(g * .unary(.floor, a / b)))
    case .equal, .notEqual, .less, .lessEqual, .and, .or, .bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight: (nil, nil)
    }
  }

  /// `x^2` becomes `2 x`, with no power left.
  private static func powerByBase(_ g: Scalar, _ a: Scalar, _ b: Scalar) -> Scalar {
    guard case .constant(let exponent) = b else { return g * select(b .== 0, 0, b * .binary(.power, a, b - 1)) }
    if exponent == 0 { return g * 0 }
    if exponent == 1 { return g }
    let rest = exponent == 2 ? a : Scalar.binary(.power, a, .constant(exponent - 1))
    return g * (.constant(exponent) * rest)
  }

  /// `g` where this operand was taken, half of it where both are equal; nothing at a literal.
  private static func chosen(_ g: Scalar, _ isTaken: Scalar, _ own: Scalar, _ other: Scalar) -> Scalar {
    if case .constant = other { return select(isTaken, g, 0) }
    return select(isTaken, g, select(own .== other, g * 0.5, 0))
  }
}

/// Names of axes that are taken.
struct AxisNames {
  private var taken: Set<String>

  init(_ equation: Equation) {
    var names = Set(equation.axes.map(\.name))
    equation.value.forEach { part in
      if case .reduce(_, let axes, _) = part { names.formUnion(axes.map(\.name)) }
    }
    taken = names
  }

  /// The wish, or the wish with a number behind it.
  mutating func fresh(_ wish: String) -> String {
    var (name, number) = (wish, 1)
    while !taken.insert(name).inserted {
      number += 1
      name = "\(wish)_\(number)"
    }
    return name
  }

  /// New names for the axes, if an expression already sums over one of them: what is inside must not be confused with
  /// what is outside.
  mutating func renaming(_ axes: [Axis], whereUsedIn value: Scalar, or other: Scalar?) -> [Axis: Axis] {
    var summed: Set<String> = []
    for part in [value, other].compactMap({ $0 }) {
      part.forEach { if case .reduce(_, let axes, _) = $0 { summed.formUnion(axes.map(\.name)) } }
    }
    guard axes.contains(where: { summed.contains($0.name) }) else { return [:] }
    var renaming: [Axis: Axis] = [:]
    for axis in axes { renaming[axis] = Axis(fresh(axis.name), axis.extent) }
    return renaming
  }
}
