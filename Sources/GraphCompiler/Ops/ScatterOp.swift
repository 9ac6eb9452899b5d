import LoopIR

/// An operator that writes updates where indices say, over what is there or combined with it.
package protocol ScatterOp: PrimitiveOp, PullbackRule {
  var reduction: ScatterReduction { get set }

  /// The elements of a tensor at the places that the updates go to; 0 for a place outside of it.
  func gathered(_ b: inout GraphBuilder, _ x: Value, _ indices: Value) throws(OpError) -> Value
}

/// How an update is combined with what it meets, as ONNX spells it.
package enum ScatterReduction: String, WordAttribute {
  case none, add, mul, max, min

  var combiner: Reduction? {
    switch self {
    case .none: nil
    case .add: .sum
    case .mul: .product
    case .max: .maximum
    case .min: .minimum
    }
  }
}

extension ScatterOp {
  package func pullback(_ b: inout GraphBuilder, _ use: DifferentiatedUse) throws(OpError) -> [Value?] {
    guard let dy = use.cotangents[0] else { return [nil, nil, nil] }
    var gradient = ScatterGradient(
      builder: b, op: self, x: use.operands[0], indices: use.operands[1], updates: use.operands[2],
      y: use.results[0], dy: dy)
    let byX = use.isWanted[0] ? try gradient.byX() : nil
    let byUpdates = use.isWanted[2] ? try gradient.byUpdates() : nil
    b = gradient.builder
    return [byX, nil, byUpdates]
  }
}

/// The gradients of one use. Every place has one winner where updates do not add up: the last update that is written over
/// it; of equal extremes what was there before, then the first update.
private struct ScatterGradient<Scatter: ScatterOp> {
  var builder: GraphBuilder
  let op: Scatter
  let x: Value
  let indices: Value
  let updates: Value
  let y: Value
  let dy: Value

  mutating func byX() throws(OpError) -> Value {
    switch op.reduction {
    case .none: try scattered(dy, filled(updates, 0), .none)
    case .add: dy
    case .mul: try apply(Mul(), dy, try scattered(filled(x, 1), updates, .mul))
    case .max, .min: try apply(Where(), try apply(Equal(), x, y), dy, zero)
    }
  }

  mutating func byUpdates() throws(OpError) -> Value {
    let arrived = try gathered(dy)
    switch op.reduction {
    case .none:
      let order = try order()
      let last = try scattered(filled(x, 0, .i64), order, .none)
      return try apply(Where(), try apply(Equal(), try gathered(last), order), arrived, zero)
    case .add:
      return arrived
    case .mul:
      return try apply(Mul(), arrived, try productOfOthers())
    case .max, .min:
      return try apply(Where(), try isFirstExtreme(), arrived, zero)
    }
  }

  /// For each update what it is multiplied with: the whole product over it, or, where it is the only 0, the product of
  /// all others.
  private mutating func productOfOthers() throws(OpError) -> Value {
    let isZero = try apply(Equal(), updates, zero)
    let one = builder.scalar(1, builder.type(of: updates).element)
    let product = try gathered(scattered(x, try apply(Where(), isZero, one, updates), .mul))
    let zeros = try gathered(scattered(filled(x, 0), try apply(Where(), isZero, one, zero), .add))
    let quotient = try apply(Div(), product, try apply(Where(), isZero, one, updates))
    let allowed = try apply(Where(), isZero, one, zero)
    return try apply(Where(), try apply(Equal(), zeros, allowed), quotient, zero)
  }

  private mutating func isFirstExtreme() throws(OpError) -> Value {
    let extreme = try gathered(y)
    let order = try order()
    let behind = builder.scalar(Double(builder.type(of: updates).count + 1), .i64)
    let places = try apply(Where(), try apply(Equal(), updates, extreme), order, behind)
    let first = try gathered(scattered(filled(x, Double(builder.type(of: updates).count + 1), .i64), places, .min))
    let isNew = try apply(NotEqual(), try gathered(x), extreme)
    return try apply(And(), try apply(Equal(), first, order), isNew)
  }

  // MARK: Parts

  /// 1, 2, … in the order in which updates are written; 0 is none of them.
  private mutating func order() throws(OpError) -> Value {
    let type = builder.type(of: updates)
    let count = try apply(Iota(shape: [type.count], axis: 0, type: .i64))
    return try apply(Reshape(to: type.shape), try apply(Add(), count, builder.scalar(1, .i64)))
  }

  private mutating func gathered(_ value: Value) throws(OpError) -> Value { try op.gathered(&builder, value, indices) }

  private mutating func scattered(
    _ value: Value, _ updates: Value, _ reduction: ScatterReduction
  ) throws(OpError) -> Value {
    var other = op
    other.reduction = reduction
    return try apply(other, value, indices, updates)
  }

  private var zero: Value {
    mutating get { builder.scalar(0, builder.type(of: dy).element) }
  }

  private mutating func filled(
    _ value: Value, _ number: Double, _ element: ElementType? = nil
  ) throws(OpError) -> Value {
    let type = builder.type(of: value)
    return try apply(Expand(shape: type.shape), builder.scalar(number, element ?? type.element))
  }

  private mutating func apply(_ op: any Op, _ operands: Value...) throws(OpError) -> Value {
    try builder.apply(op, operands)[0]
  }
}
