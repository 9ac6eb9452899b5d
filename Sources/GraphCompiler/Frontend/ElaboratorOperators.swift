import LoopIR
import SourceText

extension Elaborator {
  /// A use of an operator.
  /// - Parameter range: what mistakes are blamed on that belong to no argument.
  func callOperator(
    named name: String, _ arguments: [Argument], _ range: SourceRange, _ names: [String]
  ) throws(Failure) -> [Item] {
    guard let type = OpTable.find(name) else {
      throw .mistake("unknown-operator", "this compiler has no operator '\(name)'", at: range)
    }
    return try callOperator(type, arguments, range, names)
  }

  private func callOperator<O: Op>(
    _ type: O.Type, _ arguments: [Argument], _ range: SourceRange, _ names: [String]
  ) throws(Failure) -> [Item] {
    let call = try OperatorCall(type, arguments, range)
    builder.range = range
    var operands = try operandValues(call)
    var names = names
    if let layer = call.layer, let op = call.op as? any LayerOp {
      let name = names.first ?? freshName(O.name)
      names = [name]
      operands += try impliedParameters(op, LayerArguments(layer), operands, name, call)
    }
    let results: [Value]
    do throws(OpError) {
      if names.isEmpty {
        let count = try GraphBuilder.typed(call.op, builder.graph.types(of: operands)).results.count
        for _ in 0..<count { names.append(freshName(O.name)) }
      }
      results = try builder.apply(call.op, operands, names: names)
    } catch {
      throw blame(error, call)
    }
    let nodes = builder.graph.nodes.count + (builder.graph.train?.nodes.count ?? 0)
    if nodes > options.nodeLimit {
      throw exhausted(
        "graph-too-large", "more than \(options.nodeLimit) nodes; is a repetition count wrong?", at: range)
    }
    return results.map { .tensor($0) }
  }

  private func impliedParameters<O: Op>(
    _ op: any LayerOp, _ arguments: LayerArguments, _ given: [Value], _ name: String, _ call: OperatorCall<O>
  ) throws(Failure) -> [Value] {
    let types = builder.graph.types(of: given)
    let implied: [ImpliedParameter]
    do throws(OpError) {
      implied = try op.impliedParameters(types, arguments)
    } catch {
      throw blame(error, call)
    }
    var parameters: [Value] = []
    for parameter in implied {
      let path = "\(name).\(parameter.name)"
      try checkFree(path, at: call.range)
      guard parameter.type.isRepresentable else {
        throw .mistake(
          "tensor-too-large",
          "parameter '\(path)', \(parameter.type), is too large: a tensor has at most "
            + "\(TensorType.byteLimit) bytes",
          at: call.range)
      }
      parameters.append(builder.parameter(path, parameter.type, .initializer(parameter.initializer)))
    }
    return parameters
  }

  /// The operands as tensors; numbers become constants of the element type of the others.
  private func operandValues<O: Op>(_ call: OperatorCall<O>) throws(Failure) -> [Value] {
    var element: ElementType?
    for operand in call.operands {
      guard case .tensor(let value) = operand.item, element == nil else { continue }
      let found = builder.type(of: value).element
      if found != .bool { element = found }
    }
    var values: [Value] = []
    for operand in call.operands {
      switch operand.item {
      case .tensor(let value): values.append(value)
      case .constant(let number):
        values.append(try constantOperand(number, element ?? .f32, operand.range))
      }
    }
    return values
  }

  private func constantOperand(
    _ value: Attribute, _ element: ElementType, _ range: SourceRange
  ) throws(Failure) -> Value {
    if case .string = value {
      throw .mistake("type-mismatch", "expected a tensor or a number, found \(value.kind)", at: range)
    }
    var type = try naturalType(value, range)
    if type.element != .bool { type.element = element }
    let data = try Self.literal(value, type, range)
    builder.range = range
    return builder.constant(data, name: freshName("constant"))
  }

  private func naturalType(_ value: Attribute, _ range: SourceRange) throws(Failure) -> TensorType {
    do throws(Literals.Mistake) {
      return try Literals.naturalType(value)
    } catch {
      throw .mistake("type-mismatch", error.message, at: range)
    }
  }

  /// Turns what an operator objects to into a diagnostic at the argument in question.
  private func blame<O: Op>(_ error: OpError, _ call: OperatorCall<O>) -> Failure {
    var range = call.range
    var id = "operand-mismatch"
    var notes: [Diagnostic.Note] = []
    switch error.place {
    case .node: break
    case .field(let name):
      id = "invalid-argument"
      range = call.places[name] ?? range
    case .operand(let place) where place < call.operands.count:
      range = call.operands[place].range
      if case .tensor(let value) = call.operands[place].item {
        let info = builder.graph[value]
        notes.append(.init("'\(info.name)' is \(info.type)", at: info.range))
      }
    case .operand: break
    }
    return .mistake(id, error.message, at: range, notes: notes, help: error.help)
  }
}
