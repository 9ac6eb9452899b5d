import LoopIR

/// One step of a recurrent layer.
protocol RecurrentCell {
  /// Number of blocks of `H` rows in the weights.
  static var gates: Int { get }
  /// Number of states that a step hands on; the first is the output.
  static var states: Int { get }
  /// The usual activations.
  static var activations: [String] { get }
  init(_ weights: RecurrentWeights, _ activations: [RecurrentActivation]) throws(OpError)
  /// The states after the step.
  /// - Parameter input: the input's share in all gates, `[N, gates * H]`.
  func step(_ input: Value, _ states: [Value]) throws(OpError) -> [Value]
}

/// The weights of one direction.
struct RecurrentWeights {
  let call: ONNXCall
  /// `[gates * H, I]`
  let w: Value
  /// `[gates * H, H]`
  let r: Value
  let inputBias: Value?
  let hiddenBias: Value?
  /// Of the gates i, o and f of an LSTM, `[H]` each.
  let peepholes: [Value]

  /// `x * w' + bias`
  func inputProducts(_ x: Value) throws(OpError) -> Value { try product(x, w, inputBias) }

  /// `h * r' + bias`
  func hiddenProducts(_ h: Value) throws(OpError) -> Value { try product(h, r, hiddenBias) }

  func product(_ x: Value, _ weight: Value, _ bias: Value?) throws(OpError) -> Value {
    try call.applyAll(Fc(), [x, weight] + (bias.map { [$0] } ?? []))[0]
  }

  func parts(_ value: Value, _ count: Int) throws(OpError) -> [Value] {
    try call.applyAll(Split(parts: count, axis: 1), [value])
  }

  func add(_ a: Value, _ b: Value) throws(OpError) -> Value { try call.apply(Add(), a, b) }
  func multiply(_ a: Value, _ b: Value) throws(OpError) -> Value { try call.apply(Mul(), a, b) }

  /// `1 - a`
  func complement(_ a: Value) throws(OpError) -> Value {
    try call.apply(Sub(), call.scalar(1, call.type(a).element), a)
  }
}

/// Elman 1990: `h' = f(w x + r h)`.
struct RNNCell: RecurrentCell {
  static let gates = 1
  static let states = 1
  static let activations = ["Tanh"]

  let weights: RecurrentWeights
  let activation: RecurrentActivation

  init(_ weights: RecurrentWeights, _ activations: [RecurrentActivation]) {
    self.weights = weights
    activation = activations[0]
  }

  func step(_ input: Value, _ states: [Value]) throws(OpError) -> [Value] {
    let sum = try weights.add(input, try weights.hiddenProducts(states[0]))
    return [try activation.apply(sum, weights.call)]
  }
}

/// Cho et al. 2014, gates in the order z (update), r (reset), h: `h' = (1 - z) * new + z * h`.
struct GRUCell: RecurrentCell {
  static let gates = 3
  static let states = 1
  static let activations = ["Sigmoid", "Tanh"]

  let weights: RecurrentWeights
  let f: RecurrentActivation
  let g: RecurrentActivation
  /// Whether the reset gate acts on the product with the weights, not on the state before it.
  let isLinearFirst: Bool
  /// The weights and biases of z and r, then those of h.
  private var pieces: [(weight: Value, bias: Value?)] = []

  init(_ weights: RecurrentWeights, _ activations: [RecurrentActivation]) throws(OpError) {
    self.weights = weights
    (f, g) = (activations[0], activations[1])
    let call = weights.call
    isLinearFirst = try call.bool("linear_before_reset", default: false)
    if isLinearFirst { return }
    let hidden = call.shape(weights.r)[1]
    let rows = try call.applyAll(Split(sizes: [2 * hidden, hidden], axis: 0), [weights.r])
    let biases = try weights.hiddenBias.map { bias throws(OpError) in
      try call.applyAll(Split(sizes: [2 * hidden, hidden], axis: 0), [bias])
    }
    pieces = [(rows[0], biases?[0]), (rows[1], biases?[1])]
  }

  func step(_ input: Value, _ states: [Value]) throws(OpError) -> [Value] {
    let h = states[0]
    let inputs = try weights.parts(input, 3)
    let products: [Value]
    if isLinearFirst {
      products = try weights.parts(try weights.hiddenProducts(h), 3)
    } else {
      products = try weights.parts(try weights.product(h, pieces[0].weight, pieces[0].bias), 2)
    }
    let z = try f.apply(try weights.add(inputs[0], products[0]), weights.call)
    let reset = try f.apply(try weights.add(inputs[1], products[1]), weights.call)
    let recurrent: Value
    if isLinearFirst {
      recurrent = try weights.multiply(reset, products[2])
    } else {
      recurrent = try weights.product(try weights.multiply(reset, h), pieces[1].weight, pieces[1].bias)
    }
    let new = try g.apply(try weights.add(inputs[2], recurrent), weights.call)
    let fresh = try weights.multiply(try weights.complement(z), new)
    return [try weights.add(fresh, try weights.multiply(z, h))]
  }
}

/// Hochreiter & Schmidhuber 1997, with peepholes (Gers & Schmidhuber 2000), gates in the order i, o, f, c:
/// `c' = f * c + i * new`, `h' = o * h(c')`.
struct LSTMCell: RecurrentCell {
  static let gates = 4
  static let states = 2
  static let activations = ["Sigmoid", "Tanh", "Tanh"]

  let weights: RecurrentWeights
  let activations: [RecurrentActivation]
  /// Whether the forget gate is `1 - i`.
  let isCoupled: Bool

  init(_ weights: RecurrentWeights, _ activations: [RecurrentActivation]) throws(OpError) {
    self.weights = weights
    self.activations = activations
    isCoupled = try weights.call.bool("input_forget", default: false)
  }

  func step(_ input: Value, _ states: [Value]) throws(OpError) -> [Value] {
    let (call, c) = (weights.call, states[1])
    let sums = try weights.parts(try weights.add(input, try weights.hiddenProducts(states[0])), 4)
    let i = try gate(sums[0], peephole: 0, c)
    let forget = isCoupled ? try weights.complement(i) : try gate(sums[2], peephole: 2, c)
    let new = try activations[1].apply(sums[3], call)
    let cell = try weights.add(try weights.multiply(forget, c), try weights.multiply(i, new))
    let o = try gate(sums[1], peephole: 1, cell)
    return [try weights.multiply(o, try activations[2].apply(cell, call)), cell]
  }

  private func gate(_ sum: Value, peephole: Int, _ c: Value) throws(OpError) -> Value {
    var sum = sum
    if !weights.peepholes.isEmpty {
      sum = try weights.add(sum, try weights.multiply(weights.peepholes[peephole], c))
    }
    return try activations[0].apply(sum, weights.call)
  }
}
