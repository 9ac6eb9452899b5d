/// Expressions in a vector loop: every value has one number for each lane, or one for all of them.
extension CEmitter {
  /// The expression over all lanes of `lane`.
  func vectorValue(_ value: Scalar) -> CText {
    guard let lane, dependsOnLane(value, lane) else { return scalarValue(value, .f32) }
    switch value {
    case .cast(.f32, let operand) where operand.elementType?.halfConversions != nil && isVector(operand):
      // Vectors hold numbers of sixteen bits in single precision.
      return vectorValue(operand)
    case .constant, .index, .cast, .reduce, .random:
      return laneByLane(value, lane)
    case .local(let name, _):
      return CText(name, form: .vector)
    case .read(let access):
      return vectorRead(access, lane)
    case .unary(let function, let operand):
      return vectorUnary(function, vectorValue(operand), value, lane)
    case .binary(let function, let a, let b):
      return vectorBinary(function, a, b, value, lane)
    case .select(let condition, let a, let b):
      let test = vectorValue(condition)
      let (yes, no) = (asVector(vectorValue(a)), asVector(vectorValue(b)))
      if test.form == .scalar {
        return CText("\(test.within(.or)) ? \(yes) : \(no)", .conditional, form: .vector)
      }
      return CText("\(need("select", lanes: lanes))(\(test.text), \(yes), \(no))", form: .vector)
    }
  }

  /// True for reads and locals of vectors.
  private func isVector(_ value: Scalar) -> Bool {
    switch value {
    case .read: true
    case .local(let name, _): vectorLocals.contains(name)
    default: false
    }
  }

  /// A value for all lanes, in every lane.
  func asVector(_ value: CText) -> String {
    value.form == .scalar ? "\(need("splat", lanes: lanes))(\(value.text))" : value.text
  }

  private func vectorRead(_ access: Access, _ lane: Axis) -> CText {
    let offset = offset(access)
    let isGuarded =
      insideCondition(access) != nil
      && (access.outside != nil || offset.terms.contains(where: \.atom.isDataDependent))
    let factor = offset.factor(of: lane)
    let isLinear = offset.isLinear(in: lane)
    if access.tensor.element.halfConversions != nil, isGuarded || factor != 1 || access.tensor.element != .f16 {
      return laneByLane(.read(access), lane)
    }
    if isGuarded, let edge = guardedDimension(access, lane) {
      return isLinear && factor == 1 ? edgeRead(access, edge, lane) : laneByLane(.read(access), lane)
    }
    guard isLinear else { return laneByLane(.read(access), lane) }
    let load = loadText(
      access.tensor, at: offset.starting(lane), stride: factor, isPadded: isPaddedToVector(access, lane))
    guard isGuarded else { return CText(load, form: .vector) }
    var start = access
    start.indices = access.indices.map { $0.substituting([lane: .constant(0)]) }
    guard let condition = insideCondition(start) else { return CText(load, form: .vector) }
    let outside = asVector(CText(CLiteral.text(access.outside ?? 0, .f32)))
    return CText("\(condition) ? \(load) : \(outside)", .conditional, form: .vector)
  }

  /// The first dimension where only some lanes may be inside.
  private func guardedDimension(_ access: Access, _ lane: Axis) -> Int? {
    access.indices.indices.first { place in
      let (position, extent) = (access.indices[place], access.tensor.shape[place])
      if let range = position.range, range.lowerBound >= 0, range.upperBound < extent { return false }
      return position.mentions(lane)
    }
  }

  /// Neighbours along one dimension, some of which may lie beyond its edge.
  private func edgeRead(_ access: Access, _ place: Int, _ lane: Axis) -> CText {
    let start = access.indices[place].substituting([lane: .constant(0)])
    var row = access
    row.indices[place] = .constant(0)
    let outside = CLiteral.text(access.outside ?? 0, .f32)
    let name = need("load_inside", lanes: lanes)
    let load = "\(name)(&\(lvalue(row)), \(index(start).text), \(access.tensor.shape[place]), \(outside))"
    guard let condition = insideCondition(row) else { return CText(load, form: .vector) }
    return CText("\(condition) ? \(load) : \(asVector(CText(outside)))", .conditional, form: .vector)
  }

  private func loadText(_ tensor: Tensor, at start: LinearForm, stride: Int, isPadded: Bool) -> String {
    let count = lane?.extent ?? lanes
    let address = "&\(lvalue(tensor, at: start))"
    let load = tensor.element == .f16 ? "load_half" : "load"
    if stride == 1, count == lanes || isPadded {
      return "\(need(load, lanes: lanes))(\(address))"
    }
    if stride == 1 { return "\(need("\(load)_part", lanes: lanes))(\(address), \(count))" }
    return "\(need("load_strided", lanes: lanes))(\(address), \(stride), \(count))"
  }

  /// True where the layout has memory behind the tensor's last lane, so that a whole vector may be read.
  private func isPaddedToVector(_ access: Access, _ lane: Axis) -> Bool {
    guard let place = access.indices.firstIndex(where: { $0.mentions(lane) }) else { return false }
    let layout = kernel.layout(of: access.tensor)
    return layout.order.contains { dimension in
      if case .within(place, let block) = dimension { block.isMultiple(of: lanes) } else { false }
    }
  }

  private func vectorUnary(_ function: UnaryFunction, _ operand: CText, _ value: Scalar, _ lane: Axis)
    -> CText
  {
    switch function {
    case .negate: CText("-\(operand.within(.primary))", .unary, form: .vector)
    case .not where operand.form == .mask: CText("~\(operand.within(.primary))", .unary, form: .mask)
    case .not: laneByLane(value, lane)
    case .isNaN: CText.infix(operand, "!=", operand, .equality).asMask
    default: CText("\(need(function.templateName, lanes: lanes))(\(operand.text))", form: .vector)
    }
  }

  private func vectorBinary(
    _ function: BinaryFunction, _ a: Scalar, _ b: Scalar, _ value: Scalar, _ lane: Axis
  ) -> CText {
    if let type = a.elementType ?? b.elementType, type != .bool, !type.isFloatingPoint {
      return laneByLane(value, lane)
    }
    let (left, right) = (vectorValue(a), vectorValue(b))
    switch function {
    case .and, .or:
      guard left.form == .mask, right.form == .mask else { return laneByLane(value, lane) }
      return function == .and
        ? CText.infix(left, "&", right, .bitAnd).asMask : CText.infix(left, "|", right, .bitOr).asMask
    case .equal, .notEqual, .less, .lessEqual:
      guard let (symbol, precedence) = function.infix, left.form != .mask, right.form != .mask else {
        return laneByLane(value, lane)
      }
      return CText.infix(left, symbol, right, precedence).asMask
    case .modulo, .bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight:
      return laneByLane(value, lane)
    case .minimum, .maximum, .power:
      let name = need(function.templateName, lanes: lanes)
      return CText("\(name)(\(asVector(left)), \(asVector(right)))", form: .vector)
    case .add, .subtract, .multiply, .divide:
      guard let (symbol, precedence) = function.infix, left.form != .mask, right.form != .mask else {
        return laneByLane(value, lane)
      }
      var result = CText.infix(left, symbol, right, precedence)
      result.form = .vector
      return result
    }
  }

  /// Where lanes differ in a way that no vector instruction has: a loop over the lanes, into a temporary.
  private func laneByLane(_ value: Scalar, _ lane: Axis) -> CText {
    let name = temporary("lanes")
    let isMask = value.elementType == .bool
    let vector = "\(isMask ? "i32" : "f32")x\(lanes)"
    let text = scalarValue(value, .f32)
    output("\(vector) \(name) = {0};")
    output("for (int \(lane.name) = 0; \(lane.name) < \(lane.extent); \(lane.name)++) {")
    output("  \(name)[\(lane.name)] = \(isMask ? "-" + text.within(.primary) : text.text);")
    output("}")
    needType(isMask)
    return CText(name, form: isMask ? .mask : .vector)
  }

  /// True where lanes have different values.
  func dependsOnLane(_ value: Scalar, _ lane: Axis) -> Bool {
    if value.mentions(lane) { return true }
    var found = false
    value.forEach { if case .local(let name, _) = $0, vectorLocals.contains(name) { found = true } }
    return found
  }
}

extension CText {
  /// A comparison of vectors: all bits of a lane set, or none.
  fileprivate var asMask: CText {
    var mask = self
    mask.form = .mask
    return mask
  }
}
