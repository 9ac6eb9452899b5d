import LoopIR
import SourceText
import Synchronization

/// The gradient by one operand of another operator's use, derived from that operator's equations.
///
/// `adjoint(dy, w, of: "conv(f32[1, 2, 5, 5], f32[3, 2, 3, 3])", wrt: 0)` is the gradient by the image of
/// `conv(image, w)`, where `dy` is the gradient by its result. Of the operator's operands only those are given that the
/// gradient reads.
struct Adjoint: PrimitiveOp {
  static let name = "adjoint"
  static let summary = "gradient by one operand of an operator, from that by its result (Linnainmaa 1970)"
  /// The gradient by the result first, then the operands that the gradient reads.
  static let operands = [Operand("x", .variadic)]
  static let fields: [Field<Self>] = [
    .field("of", \.of, "the operator's use, operands written as types"),
    .field("wrt", \.wrt, "the operand by which the gradient is taken"),
    .field("result", \.result, "the result whose gradient 'dy' is"),
    .field("part", \.part, "which of several sums that make up the gradient"),
  ]
  static let examples = [
    "adjoint(f32[1, 3, 5, 5], f32[3, 2, 3, 3], of: \"conv(f32[1, 2, 5, 5], f32[3, 2, 3, 3], pad: 1)\")",
    "adjoint(f32[1, 3, 3, 3], f32[1, 2, 5, 6], of: \"conv(f32[1, 2, 5, 6], f32[3, 2, 3, 3], stride: 2, pad: 1)\", wrt: 1)",
    "adjoint(f32[2, 3], f32[2, 3], of: \"tanh(f32[2, 3])\")",
    "adjoint(f32[4, 3], i32[4], of: \"gather(f32[5, 3], i32[4])\")",
  ]

  var of = OperatorUse()
  var wrt = 0
  var result = 0
  var part = 0

  /// How many sums make up the gradient by an operand: usually one.
  static func partCount(of use: OperatorUse, wrt: Int, result: Int) throws(OpError) -> Int {
    guard let parts = use.adjoints(wrt, result) else {
      throw OpError("\(use.text) has no gradient by operand \(wrt)", kind: .unsupported)
    }
    return parts.count
  }

  /// Which operands of the use its gradient reads, in order.
  var readOperands: [Int] {
    guard let parts = of.adjoints(wrt, result), parts.indices.contains(part) else { return [] }
    let names = Set(parts[part].allReads.map(\.tensor.name))
    return of.operands.indices.filter { names.contains(OperatorUse.name(of: $0)) }
  }

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    guard of.operands.indices.contains(wrt) else {
      throw OpError("'wrt' must be a place of an operand of \(of.text), found \(wrt)", at: .field("wrt"))
    }
    guard of.results.indices.contains(result) else {
      throw OpError(
        "'result' must be a place of a result of \(of.text), found \(result)", at: .field("result"))
    }
    guard of.adjoints(wrt, result)?.indices.contains(part) == true else {
      throw OpError("the gradient of \(of.text) has no part \(part)", at: .field("part"))
    }
    let expected = [of.results[result]] + readOperands.map { of.operands[$0] }
    guard operands == expected else {
      let list = expected.map(\.description).joined(separator: ", ")
      throw OpError("expected operands (\(list)) for the gradient of \(of.text)", at: .node)
    }
    return [of.operands[wrt]]
  }

  func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    var tensors: [Tensor: Tensor] = [OperatorUse.cotangent(of.results[result]): operands[0]]
    for (place, tensor) in zip(readOperands, operands.dropFirst()) { tensors[of.tensor(place)] = tensor }
    tensors[OperatorUse.gradient(of.operands[wrt])] = results[0]
    guard let parts = of.adjoints(wrt, result) else {
      preconditionFailure("a typed gradient has no equations")
    }
    return [parts[part].renamingTensors(tensors)]
  }
}

extension GraphBuilder {
  /// The gradient by one operand that an operator's equations give; nil where they give none.
  /// - Parameter values: the operands of the use.
  mutating func adjoint(
    _ use: OperatorUse, wrt place: Int, result: Int = 0, _ dy: Value, _ values: [Value]
  ) throws(OpError) -> Value? {
    var total: Value?
    for part in 0..<(try Adjoint.partCount(of: use, wrt: place, result: result)) {
      let adjoint = Adjoint(of: use, wrt: place, result: result, part: part)
      let value = try apply(adjoint, [dy] + adjoint.readOperands.map { values[$0] })[0]
      total = try total.map { sum throws(OpError) in try apply(Add(), sum, value) } ?? value
    }
    return total
  }
}

/// An operator with its attributes, and the types that it is used on.
struct OperatorUse: AttributeConvertible {
  let op: any Op
  let operands: [TensorType]
  let results: [TensorType]
  /// The use as an expression of the language, operands written as types.
  let text: String
  private let derived = DerivedGradients()

  init() {
    self.init(Identity(), [TensorType(.f32, [])], [TensorType(.f32, [])])
  }

  init(_ op: any Op, _ operands: [TensorType], _ results: [TensorType]) {
    self.op = op
    self.operands = operands
    self.results = results
    let attributes = op.writtenAttributes(operands).map { "\($0.name): \($0.value)" }
    let arguments = operands.map(\.description) + attributes
    text = "\(type(of: op).name)(\(arguments.joined(separator: ", ")))"
  }

  init(attribute: Attribute) throws(AttributeError) {
    let expected = AttributeError(expected: "an operator's use such as \"tanh(f32[2, 3])\"")
    guard case .string(let text) = attribute, let graph = try? GraphParser.parseExample(text),
      graph.nodes.count == 1,
      let node = graph.nodes.first, node.operands == graph.inputs
    else { throw expected }
    self.init(node.op, graph.types(of: node.operands), graph.types(of: node.results))
  }

  var attribute: Attribute { .string(text) }

  static func == (left: OperatorUse, right: OperatorUse) -> Bool { left.text == right.text }

  func hash(into hasher: inout Hasher) { hasher.combine(text) }

  // MARK: Gradients

  static func name(of operand: Int) -> String { "x\(operand)" }

  static func cotangent(_ type: TensorType) -> Tensor { Tensor("dy", type.element, type.shape) }

  static func gradient(_ type: TensorType) -> Tensor { Tensor("dx", type.element, type.shape) }

  func tensor(_ operand: Int) -> Tensor {
    Tensor(Self.name(of: operand), operands[operand].element, operands[operand].shape)
  }

  /// The equations whose sum is the gradient; empty where none flows, nil where it has no equations.
  func adjoints(_ operand: Int, _ result: Int) -> [Equation]? {
    derived.equations(operand, result) { derivedAdjoints(operand, result) }
  }

  private func derivedAdjoints(_ operand: Int, _ result: Int) -> [Equation]? {
    guard let primitive = op as? any PrimitiveOp else { return nil }
    let tensors = operands.indices.map { tensor($0) }
    let outputs = results.enumerated().map { Tensor("y\($0.offset)", $0.element.element, $0.element.shape) }
    return primitive.equations(tensors, outputs)[result].adjoint(
      by: tensors[operand], cotangent: Self.cotangent(results[result]),
      gradient: Self.gradient(operands[operand]))
  }
}

/// The gradients of a use, which typing, checks and lowering ask for again and again; copies of the use share them.
private final class DerivedGradients: Sendable {
  private struct Place: Hashable {
    var operand: Int
    var result: Int
  }

  private let known = Mutex<[Place: [Equation]?]>([:])

  func equations(_ operand: Int, _ result: Int, _ derive: () -> [Equation]?) -> [Equation]? {
    let place = Place(operand: operand, result: result)
    if let equations = known.withLock({ $0[place] }) { return equations }
    let equations = derive()
    known.withLock { $0[place] = .some(equations) }
    return equations
  }
}
