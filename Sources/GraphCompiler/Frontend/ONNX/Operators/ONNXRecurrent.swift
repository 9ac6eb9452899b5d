import LoopIR

/// Recurrent layers, written out step by step over the fixed length of the sequence.
enum ONNXRecurrent: ONNXOperatorFamily {
  static let rules = [
    ONNXRule("GRU") { call in try RecurrentLayer(call, GRUCell.self).results() },
    ONNXRule("LSTM") { call in try RecurrentLayer(call, LSTMCell.self).results() },
    ONNXRule("RNN") { call in try RecurrentLayer(call, RNNCell.self).results() },
  ]
}

/// One recurrent node while it is written out: S steps, batch N, I inputs, H hidden units, D directions.
///
/// Sequences of different length are masked: beyond its end a sequence keeps its state and yields 0. Walked
/// backward, it so begins at its own last element.
private struct RecurrentLayer {
  /// Most nodes that one layer may become.
  static let nodeLimit = 2000

  let call: ONNXCall
  let kind: any RecurrentCell.Type
  /// `[S, N, I]`
  let x: Value
  let steps: Int
  let batch: Int
  let hidden: Int
  /// Whether each direction walks backward.
  let isReverse: [Bool]
  /// Whether the batch comes first outside.
  let isBatchFirst: Bool

  init(_ call: ONNXCall, _ kind: any RecurrentCell.Type) throws(OpError) {
    self.call = call
    self.kind = kind
    isBatchFirst = try call.bool("layout", default: false)
    var x = try call.input(0)
    let (w, r) = (try call.input(1), try call.input(2))
    guard call.rank(x) == 3, call.rank(w) == 3, call.rank(r) == 3 else {
      throw OpError("expected tensors of rank 3, found \(call.type(x)), \(call.type(w)), \(call.type(r))")
    }
    if isBatchFirst { x = try call.apply(Transpose(perm: [1, 0, 2]), x) }
    self.x = x
    (steps, batch, hidden) = (call.shape(x)[0], call.shape(x)[1], call.shape(r)[2])
    isReverse = try Self.directions(call)
    try requireShapes(w, r)
    guard steps > 0 else { throw call.unsupported("a sequence without elements") }
    guard steps <= Self.nodeLimit else { throw tooLong() }
  }

  private static func directions(_ call: ONNXCall) throws(OpError) -> [Bool] {
    switch try call.string("direction", default: "forward") {
    case "forward": return [false]
    case "reverse": return [true]
    case "bidirectional": return [false, true]
    case let other:
      throw OpError(
        "expected 'forward', 'reverse' or 'bidirectional' for attribute 'direction', found '\(other)'")
    }
  }

  private func requireShapes(_ w: Value, _ r: Value) throws(OpError) {
    let (rows, overflows) = hidden.multipliedReportingOverflow(by: kind.gates)
    let count = isReverse.count
    let given = try call.int("hidden_size", default: hidden)
    guard !overflows, hidden > 0, given == hidden, call.shape(w) == [count, rows, call.shape(x)[2]],
      call.shape(r) == [count, rows, hidden]
    else {
      throw OpError("\(call.type(w)), \(call.type(r)) and \(given) hidden units do not fit \(call.type(x))")
    }
    let states = isBatchFirst ? [batch, count, hidden] : [count, batch, hidden]
    try require(3, [count, 2 * rows])
    try require(4, [batch])
    try require(5, states)
    try require(6, states)
    try require(7, [count, 3 * hidden])
  }

  private func require(_ place: Int, _ shape: [Int]) throws(OpError) {
    guard let value = call.optional(place), call.shape(value) != shape else { return }
    throw OpError("expected shape \(shape) for input \(place), found \(call.type(value))")
  }

  private func tooLong() -> OpError {
    call.unsupported("a sequence of \(steps) would become more than \(Self.nodeLimit) operators")
  }

  // MARK: Results

  /// `Y [S, D, N, H]`, then the last states, each `[D, N, H]`; the batch first where the node has it so.
  func results() throws(OpError) -> [Value?] {
    var sequences: [Value] = []
    var last = [[Value]](repeating: [], count: kind.states)
    for direction in isReverse.indices {
      let (sequence, states) = try walk(direction)
      if let sequence { sequences.append(sequence) }
      for (place, state) in states.enumerated() { last[place].append(state) }
    }
    var results: [Value?] = [nil]
    if !sequences.isEmpty {
      let y = try call.applyAll(Concat(axis: 1), sequences)[0]
      results = [isBatchFirst ? try call.apply(Transpose(perm: [2, 0, 1, 3]), y) : y]
    }
    for states in last {
      let axis = isBatchFirst ? 1 : 0
      var stacked: [Value] = []
      for state in states { stacked.append(try call.apply(Unsqueeze(axes: [axis]), state)) }
      results.append(try call.applyAll(Concat(axis: axis), stacked)[0])
    }
    return results
  }

  /// The hidden states of all steps, `[S, 1, N, H]`, where anybody uses them; the last states.
  private func walk(_ direction: Int) throws(OpError) -> (sequence: Value?, last: [Value]) {
    let first = call.nodeCount
    let weights = try weights(direction)
    let cell = try kind.init(weights, try activations(direction))
    let features = try call.reshaped(x, [steps * batch, call.shape(x)[2]])
    let products = try weights.inputProducts(features)
    let parts = try call.applyAll(Split(parts: steps, axis: 0), [products])
    var states = try initialStates(direction)
    var outputs = [Value](repeating: products, count: steps)
    let order = isReverse[direction] ? Array((0..<steps).reversed()) : Array(0..<steps)
    for (place, step) in order.enumerated() {
      let before = call.nodeCount
      let next = try cell.step(parts[step], states)
      (outputs[step], states) = try masked(step, next, states)
      let nodes = (call.nodeCount - before) * steps
      if place == 0, (nodes + call.nodeCount - first) * isReverse.count > Self.nodeLimit { throw tooLong() }
    }
    guard call.isUsed(0) else { return (nil, states) }
    let sequence = try call.applyAll(Concat(axis: 0), outputs)[0]
    return (try call.reshaped(sequence, [steps, 1, batch, hidden]), states)
  }

  /// The output and the states after a step, for sequences that are over: 0, and the states before it.
  private func masked(
    _ step: Int, _ next: [Value], _ states: [Value]
  ) throws(OpError) -> (output: Value, states: [Value]) {
    guard let lengths = call.optional(4), !allStepsCount else { return (next[0], next) }
    let number = call.scalar(Double(step), call.type(lengths).element)
    let counts = try call.apply(Unsqueeze(axes: [1]), try call.apply(Less(), number, lengths))
    var kept: [Value] = []
    for (new, old) in zip(next, states) { kept.append(try call.apply(Where(), counts, new, old)) }
    let output = call.isUsed(0) ? try call.apply(Where(), counts, next[0], call.scalar(0, element)) : kept[0]
    return (output, kept)
  }

  private var element: ElementType { call.type(x).element }

  private var allStepsCount: Bool {
    call.constantData(4)?.integers?.allSatisfy { $0 == steps } ?? false
  }

  // MARK: Inputs

  private func initialStates(_ direction: Int) throws(OpError) -> [Value] {
    var states: [Value] = []
    for place in 5..<5 + kind.states {
      if let given = call.optional(place) {
        states.append(try part(given, direction, axis: isBatchFirst ? 1 : 0))
      } else {
        states.append(try call.apply(Expand(shape: [batch, hidden]), call.scalar(0, element)))
      }
    }
    return states
  }

  private func weights(_ direction: Int) throws(OpError) -> RecurrentWeights {
    let w = try part(try call.input(1), direction, axis: 0)
    let r = try part(try call.input(2), direction, axis: 0)
    var biases: [Value] = []
    if let bias = call.optional(3) {
      biases = try call.applyAll(Split(parts: 2, axis: 0), [try part(bias, direction, axis: 0)])
    }
    var peepholes: [Value] = []
    if kind.states == 2, let weights = call.optional(7) {
      peepholes = try call.applyAll(Split(parts: 3, axis: 0), [try part(weights, direction, axis: 0)])
    }
    return RecurrentWeights(
      call: call, w: w, r: r, inputBias: biases.first, hiddenBias: biases.last, peepholes: peepholes)
  }

  /// What belongs to one direction, without the axis of directions.
  private func part(_ value: Value, _ direction: Int, axis: Int) throws(OpError) -> Value {
    var own = value
    if isReverse.count > 1 {
      own = try call.applyAll(Split(parts: isReverse.count, axis: axis), [value])[direction]
    }
    return try call.apply(Squeeze(axes: [axis]), own)
  }

  private func activations(_ direction: Int) throws(OpError) -> [RecurrentActivation] {
    let all = try RecurrentActivation.read(call, standard: kind.activations, directions: isReverse.count)
    let count = kind.activations.count
    return Array(all[direction * count..<(direction + 1) * count])
  }
}
