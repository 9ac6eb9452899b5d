import LoopIR

/// An equation as ONNX nodes, for operators that ONNX has no word for; gradients above all.
///
/// A read becomes a tensor with a dimension for each axis of the equation, gathered by tables of places. The expression is
/// computed on those, element by element; sums over axes are reductions, a sum of a product of two reads is an `Einsum`.
struct ONNXEquation {
  private let call: ONNXWriting
  /// The operand that a tensor of the equation is.
  private let operands: [String: String]

  /// Writes an operator as its equation; false where it has several, places or targets that are data, or random numbers.
  static func write(_ op: any PrimitiveOp, _ call: ONNXWriting) -> Bool {
    let tensors = call.types.enumerated().map {
      Tensor("x\($0.offset)", $0.element.element, $0.element.shape)
    }
    let results = call.resultTypes.map { Tensor("y", $0.element, $0.shape) }
    let equations = op.equations(tensors, results)
    guard equations.count == 1, equations[0].scatter == nil, equations[0].axes.allSatisfy({ $0.extent > 0 })
    else {
      return false
    }
    let names = zip(tensors, call.operands).map { ($0.name, $1) }
    return Self(call: call, operands: Dictionary(uniqueKeysWithValues: names)).write(equations[0])
  }

  private func write(_ equation: Equation) -> Bool {
    let (value, element) = (equation.value.simplified, equation.result.element)
    guard let node = expression(equation.axes).node(value, element) else { return false }
    let isWhole = equation.axes.allSatisfy { $0.extent == 1 || value.mentions($0) } && value.hasRank
    guard !isWhole || (value.elementType ?? element) != element else {
      call.finish(node.type, node.inputs, list: node.attributes, since: node.version)
      return true
    }
    var name = call.node(node.type, node.inputs, list: node.attributes, since: node.version)
    if let type = value.elementType, type != element {
      name = call.node("Cast", [name], ["to": .int(element.onnxNumber)])
    }
    call.finish("Expand", [name, call.ints(equation.result.shape)], since: 13)
    return true
  }

  /// Expressions whose values have a dimension for each of the axes, of extent 1 where they do not depend on it.
  private func expression(_ axes: [Axis]) -> ONNXExpression {
    ONNXExpression(call) { scalar, element in
      switch scalar {
      case .read(let access): read(access, axes)
      case .index(let index): place(index, axes, element)
      case .reduce(let reduction, let inner, let body): reduced(reduction, inner, body, axes, element)
      default: nil
      }
    }
  }

  // MARK: Positions

  /// A position as numbers.
  private func place(_ index: Index, _ axes: [Axis], _ element: ElementType) -> String? {
    guard !index.isDataDependent else { return nil }
    let shape = axes.map { index.mentions($0) ? $0.extent : 1 }
    let numbers = table(index, axes.filter(index.mentions))
    return call.constant(TensorData(TensorType(element, shape), doubles: numbers))
  }

  /// The positions for all places of the axes, in row-major order.
  private func table(_ index: Index, _ axes: [Axis]) -> [Double] {
    let result = Tensor("places", .i64, axes.map(\.extent))
    return evaluate(Equation(result, axes, .index(index)), [:]).values
  }

  // MARK: Reads

  private func read(_ access: Access, _ axes: [Axis]) -> String? {
    guard var (name, own) = gathered(access, axes) else { return nil }
    if Set(own).count < own.count {
      let once = axes.filter(own.contains)
      name = call.node("Einsum", [name], ["equation": .string(labels([own], once, axes))], since: 12)
      own = once
    }
    let ordered = axes.filter(own.contains)
    if ordered != own {
      let order = ordered.compactMap(own.firstIndex)
      name = call.node("Transpose", [name], ["perm": .list(order.map(Attribute.int))])
    }
    if ordered.isEmpty || ordered == axes { return name }
    let shape = axes.map { own.contains($0) ? $0.extent : 1 }
    return call.node("Reshape", [name, call.ints(shape)], since: 14)
  }

  /// The elements that an access reads, with a dimension for each axis of each index, in the order of the indices.
  private func gathered(_ access: Access, _ axes: [Axis]) -> (name: String, axes: [Axis])? {
    guard var name = operands[access.tensor.name], !access.indices.contains(where: \.isDataDependent) else {
      return nil
    }
    let own = access.indices.map { index in axes.filter(index.mentions) }
    let extents = access.tensor.shape
    var tables = zip(access.indices, own).map(table)
    let hangsOver = extents.indices.map { axis in
      access.outside != nil && tables[axis].contains { $0 < 0 || $0 >= Double(extents[axis]) }
    }
    if let outside = access.outside, hangsOver.contains(true) {
      let pads = call.ints(extents.map { _ in 0 } + hangsOver.map { $0 ? 1 : 0 })
      name = call.node("Pad", [name, pads, call.scalar(outside, access.tensor.element)], since: 13)
    }
    for axis in extents.indices.reversed() {
      let last = hangsOver[axis] ? extents[axis] : extents[axis] - 1
      tables[axis] = tables[axis].map { place in
        let isInside = place >= 0 && place < Double(extents[axis])
        return isInside ? place : hangsOver[axis] ? Double(last) : min(max(place, 0), Double(last))
      }
      if own[axis].count == 1, tables[axis] == (0...last).map(Double.init) { continue }
      let places = TensorData(TensorType(.i64, own[axis].map(\.extent)), doubles: tables[axis])
      name = call.node("Gather", [name, call.constant(places)], ["axis": .int(axis)], since: 13)
    }
    return (name, own.flatMap { $0 })
  }

  // MARK: Sums

  private func reduced(
    _ reduction: Reduction, _ inner: [Axis], _ body: Scalar, _ axes: [Axis], _ element: ElementType
  ) -> String? {
    if reduction == .sum, let product = sumOfProducts(body, inner, axes) { return product }
    let all = axes + inner
    guard let node = expression(all).node(body, body.elementType ?? element) else { return nil }
    var name = call.node(node.type, node.inputs, list: node.attributes, since: node.version)
    if inner.contains(where: { $0.extent > 1 && !body.mentions($0) }) || !body.hasRank {
      let shape = all.map { axis in inner.contains(axis) || body.mentions(axis) ? axis.extent : 1 }
      name = call.node("Expand", [name, call.ints(shape)], since: 13)
    }
    let places = call.ints(Array(axes.count..<all.count))
    return call.node(
      Self.reductions[reduction] ?? "ReduceSum", [name, places], ["keepdims": .int(0)], since: 18)
  }

  private static let reductions: [Reduction: String] = [
    .sum: "ReduceSum", .product: "ReduceProd", .maximum: "ReduceMax", .minimum: "ReduceMin",
  ]

  /// The sum of a product of two floating-point reads that together have all axes.
  private func sumOfProducts(_ body: Scalar, _ inner: [Axis], _ axes: [Axis]) -> String? {
    let all = axes + inner
    let reads = body.factors.compactMap { factor in
      if case .read(let access) = factor, access.tensor.element.isFloatingPoint { access } else { nil }
    }
    guard reads.count == 2, body.factors.count == 2, all.allSatisfy(body.mentions),
      all.count <= Self.letters.count,
      let a = gathered(reads[0], all), let b = gathered(reads[1], all)
    else { return nil }
    let equation = labels([a.axes, b.axes], axes, all)
    return call.node("Einsum", [a.name, b.name], ["equation": .string(equation)], since: 12)
  }

  private static let letters = Array("abcdefghijklmnopqrstuvwxyz")

  /// `nchw,oc->nohw`, with a letter for each of all axes.
  private func labels(_ operands: [[Axis]], _ result: [Axis], _ all: [Axis]) -> String {
    func text(_ axes: [Axis]) -> String {
      String(axes.compactMap { axis in all.firstIndex(of: axis).map { Self.letters[$0] } })
    }
    return operands.map(text).joined(separator: ",") + "->" + text(result)
  }
}

extension Scalar {
  /// False where nothing in the value has a dimension: literals, and reads of single numbers.
  fileprivate var hasRank: Bool {
    var found = false
    forEach { part in
      switch part {
      case .index: found = true
      case .read(let access): found = found || access.tensor.rank > 0
      default: break
      }
    }
    return found
  }
}
