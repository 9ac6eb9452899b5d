/// `Gradient`: what a value of the model changes by, for each of other values of it.
enum ONNXGradient: ONNXOperatorFamily {
  static let rules = [
    ONNXRule("Gradient", domain: "ai.onnx.preview.training") { call in try gradients(call) }
  ]

  /// The inputs of the node take the places of the values that `xs` and `zs` name; what leads from them to
  /// `y` is computed anew, and its gradients by `xs` are the results.
  private static func gradients(_ call: ONNXCall) throws -> [Value?] {
    guard let names = try call.strings("xs"), !names.isEmpty else {
      throw OpError("attribute 'xs' is missing")
    }
    let others = try call.strings("zs") ?? []
    let loss = try call.named(try call.string("y", default: ""), attribute: "y")
    guard call.inputs.count == names.count + others.count else {
      throw OpError("expected an input for each name in 'xs' and 'zs', found \(call.inputs.count)")
    }
    var places: [Value: Value] = [:]
    var targets: [Value] = []
    for (place, name) in (names + others).enumerated() {
      let (value, given) = (
        try call.named(name, attribute: place < names.count ? "xs" : "zs"), try call.input(place)
      )
      guard call.type(given) == call.type(value) else {
        throw OpError("expected \(call.type(value)) for '\(name)', found \(call.type(given))")
      }
      places[value] = given
      if place < names.count { targets.append(given) }
    }
    guard Set(targets).count == targets.count else {
      throw call.unsupported("a gradient by two inputs that are the same value")
    }
    return try call.gradients(of: loss, by: targets, replacing: places)
  }
}

extension ONNXCall {
  /// A value that an attribute names.
  fileprivate func named(_ name: String, attribute: String) throws(OpError) -> Value {
    guard case .value(let value)? = importer.lookUp(name) else {
      throw OpError("attribute '\(attribute)' names '\(name)', which nothing before the node computes")
    }
    return value
  }

  fileprivate func gradients(
    of loss: Value, by targets: [Value], replacing places: [Value: Value]
  ) throws -> [Value?] {
    guard type(loss).count == 1, type(loss).element.isFloatingPoint else {
      throw unsupported("the gradient of \(type(loss)); one floating-point number has gradients")
    }
    let earlier = importer.builder.takeNodes()
    var replay = Replay(builder: importer.builder, places: places)
    for node in earlier where node.operands.contains(where: { replay.places[$0] != nil }) {
      if !node.results.contains(where: { replay.places[$0] != nil }) { try replay.repeatNode(node) }
    }
    importer.builder = replay.builder
    for node in earlier + replay.nodes { importer.builder.append(node) }
    let gradients = try Differentiation.gradients(
      of: replay.places[loss] ?? loss, by: targets, through: replay.nodes, &importer.builder)
    return try zip(gradients, targets).map { gradient, target in
      try gradient ?? apply(Expand(shape: shape(target)), scalar(0, type(target).element))
    }
  }
}

/// Nodes made once more, on other operands, with composites as their bodies where these have no gradient
/// themselves.
private struct Replay {
  /// Without nodes: these are collected in `nodes`.
  var builder: GraphBuilder
  /// What stands for a value.
  var places: [Value: Value]
  private(set) var nodes: [Node] = []

  init(builder: GraphBuilder, places: [Value: Value]) {
    self.builder = builder
    self.places = places
  }

  mutating func repeatNode(_ node: Node) throws(OpError) {
    let operands = node.operands.map { places[$0] ?? $0 }
    guard let composite = node.op as? any CompositeOp, !(node.op is any PullbackRule) else {
      let results = try builder.apply(node.op, operands)
      nodes += builder.takeNodes()
      for (old, new) in zip(node.results, results) { places[old] = new }
      return
    }
    let results = try composite.expand(&builder, operands)
    for inner in builder.takeNodes() { try repeatNode(inner) }
    for (old, new) in zip(node.results, results) { places[old] = places[new] ?? new }
  }
}
