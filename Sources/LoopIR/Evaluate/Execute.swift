/// Runs the loop nest of a kernel in double precision, so that a schedule can be compared with its equations.
/// Vector and parallel loops run one iteration after the other.
///
/// - Parameter buffers: for every parameter, by name, as many elements as its layout takes. The kernel writes
///   into them.
package func execute(_ kernel: Kernel, buffers: inout [String: [Double]]) {
  var memories: [String: CodeBuilder.Buffer] = [:]
  for parameter in kernel.parameters {
    let (tensor, layout) = (parameter.tensor, parameter.layout)
    let elements = buffers[tensor.name] ?? []
    precondition(
      elements.count == layout.elementCount(shape: tensor.shape),
      "'\(tensor.name)' of kernel '\(kernel.name)' has \(elements.count) elements")
    memories[tensor.name] = CodeBuilder.Buffer(elements)
  }
  var builder = CodeBuilder(
    source: { tensor in
      guard let memory = memories[tensor.name], kernel.parameters.contains(where: { $0.tensor == tensor })
      else {
        preconditionFailure("'\(tensor.name)' with shape \(tensor.shape) is no parameter of '\(kernel.name)'")
      }
      return .buffer(memory, kernel.layout(of: tensor))
    },
    subject: { "kernel '\(kernel.name)'" })
  var scope = CodeBuilder.Scope()
  let run = builder.code(kernel.body, &scope)
  builder.withFrame(run)
  for parameter in kernel.parameters where parameter.role != .read {
    buffers[parameter.tensor.name] = memories[parameter.tensor.name]?.values
  }
}

/// Runs the loop nest of a kernel on logical tensors: packs them into their layouts, and unpacks what it
/// writes. An element that is never written is not a number.
package func execute(_ kernel: Kernel, _ tensors: [String: TensorValues]) -> [String: TensorValues] {
  var buffers: [String: [Double]] = [:]
  for parameter in kernel.parameters {
    let tensor = parameter.tensor
    let unwritten = TensorValues(shape: tensor.shape, repeating: .nan)
    buffers[tensor.name] = parameter.layout.pack(tensors[tensor.name] ?? unwritten)
  }
  execute(kernel, buffers: &buffers)
  var results: [String: TensorValues] = [:]
  for parameter in kernel.parameters where parameter.role == .write {
    let tensor = parameter.tensor
    results[tensor.name] = parameter.layout.unpack(buffers[tensor.name] ?? [], shape: tensor.shape)
  }
  return results
}

typealias StatementCode = (Frame) -> Void

extension CodeBuilder {
  /// Code of a block; the scope gains the locals that it declares.
  mutating func code(_ statements: [Statement], _ scope: inout Scope) -> StatementCode {
    var steps: [StatementCode] = []
    for statement in statements { steps.append(code(statement, &scope)) }
    if steps.count == 1 { return steps[0] }
    return { frame in for step in steps { step(frame) } }
  }

  private mutating func code(_ statement: Statement, _ scope: inout Scope) -> StatementCode {
    switch statement {
    case .loop(let loop):
      var inner = scope
      let slot = bind(loop.axis, in: &inner)
      let body = code(loop.body, &inner)
      return { frame in
        for place in 0..<loop.axis.extent {
          frame.axes[slot] = place
          body(frame)
        }
      }
    case .declare(let name, let type, let value):
      let number = converted(value, to: type, scope)
      let slot = bind(local: name, in: &scope)
      return { $0.locals[slot] = number($0) }
    case .assign(let name, let type, let value):
      let number = converted(value, to: type, scope)
      let slot = slot(ofLocal: name, scope)
      return { $0.locals[slot] = number($0) }
    case .store(let target, let value):
      return store(target, converted(value, to: target.tensor.element, scope), scope)
    case .conditional(let condition, let statements):
      var inner = scope
      let (test, body) = (code(condition, scope), code(statements, &inner))
      return { if test($0) != 0 { body($0) } }
    case .prefetch:
      return { _ in }
    }
  }

  private mutating func store(_ target: Access, _ value: @escaping ScalarCode, _ scope: Scope)
    -> StatementCode
  {
    guard case .buffer(let buffer, let layout) = source(target.tensor) else {
      preconditionFailure("'\(target.tensor.name)' cannot be written in \(subject())")
    }
    let offset = offset(target, layout, scope)
    return { frame in
      if let place = offset(frame) { buffer.values[place] = value(frame) }
    }
  }
}
