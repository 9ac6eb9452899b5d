import LoopIR
import SourceText

/// Turns a grouped graph of primitives into a program: one kernel a group, one buffer a value that is stored.
///
/// Operators that only rename positions (reshape, flatten) become views of the same buffer. Constants of one
/// element are written into the equations.
package func lowerToProgram(_ graph: Graph) -> Program {
  var lowering = ProgramLowering(graph: graph)
  lowering.addBuffers()
  for group in lowering.groups { lowering.lower(group) }
  lowering.finishOutputs()
  return lowering.program
}

private struct ProgramLowering {
  let graph: Graph
  var program: Program
  /// Where a value is stored.
  var buffers: [Value: BufferID] = [:]

  init(graph: Graph) {
    self.graph = graph
    program = Program(name: graph.name)
  }

  /// Nodes that become one kernel, in execution order.
  var groups: [[Node]] {
    var result: [[Node]] = []
    var place: [Int: Int] = [:]
    for node in graph.nodes {
      if let group = node.group, let found = place[group] {
        result[found].append(node)
      } else {
        if let group = node.group { place[group] = result.count }
        result.append([node])
      }
    }
    return result
  }

  mutating func addBuffers() {
    for value in graph.inputs { addBuffer(value, .input) }
    for value in graph.parameters { addBuffer(value, .parameter) }
    for value in graph.constants where literal(value) == nil { addBuffer(value, .parameter) }
  }

  mutating func addBuffer(_ value: Value, _ role: Buffer.Role) {
    let info = graph[value]
    var buffer = Buffer(name: info.name, type: info.type, layout: .plain(rank: info.type.rank), role: role)
    switch info.source {
    case .parameter(let source): buffer.source = source
    case .constant(let data): buffer.source = .data(data)
    case .input, .node: break
    }
    buffers[value] = BufferID(program.buffers.count)
    program.buffers.append(buffer)
  }

  /// The only element of a constant.
  func literal(_ value: Value) -> Double? {
    guard case .constant(let data) = graph[value].source, data.type.count == 1 else { return nil }
    return data.doubles.first
  }

  mutating func lower(_ group: [Node]) {
    if group.count == 1, group[0].op.keepsRowMajorOrder, let source = buffers[group[0].operands[0]] {
      buffers[group[0].results[0]] = source
      return
    }
    let tensors = TensorNames(graph: graph)
    var equations = group[0].equations(tensors)
    for equation in group.dropFirst().flatMap({ $0.equations(tensors) }) {
      // Every member may read every earlier one.
      equations.append(equations.reduce(equation) { $1.absorbed(into: $0) })
    }
    if group.count > 1 { equations = equations.suffix(1) }
    equations = equations.map { inlineLiterals($0, tensors) }
    for value in group[group.count - 1].results { addBuffer(value, .arena) }
    addStep(equations, group, tensors)
  }

  private func inlineLiterals(_ equation: Equation, _ tensors: TensorNames) -> Equation {
    var equation = equation
    equation.value = equation.value.rewritten(scalar: { part in
      guard case .read(let access) = part, let value = tensors.value(of: access.tensor),
        let number = literal(value)
      else { return part }
      return .constant(number)
    })
    return equation
  }

  private mutating func addStep(_ equations: [Equation], _ group: [Node], _ tensors: TensorNames) {
    var parts = KernelParts(group: group, axes: equations.flatMap(\.allAxes))
    for equation in equations {
      for access in equation.allReads { parts.add(access.tensor, tensors, .read) }
    }
    for equation in equations { parts.add(equation.result, tensors, .write) }
    let renamed = equations.map { $0.renamingTensors(parts.names) }
    let kernel = Kernel(
      name: group.map { type(of: $0.op).name }.joined(separator: "_"), parameters: parts.parameters,
      equations: renamed, schedule: Schedule(), body: [])
    program.kernels.append(kernel)
    program.steps.append(
      Step(
        kernel: program.kernels.count - 1, arguments: parts.values.compactMap { buffers[$0] },
        provenance: Provenance(group: group, graph: graph, equations: equations)))
  }

  /// Gives every output of the graph its own buffer, with a copy where the value lives elsewhere too.
  mutating func finishOutputs() {
    for output in graph.outputs {
      if let id = buffers[output.value], program[id].role == .arena {
        let type = graph.type(of: output.value)
        program[id] = Buffer(name: output.name, type: type, layout: .plain(rank: type.rank), role: .output)
      } else {
        copy(output)
      }
    }
  }

  private mutating func copy(_ output: Graph.Output) {
    let type = graph.type(of: output.value)
    let (x, y) = (Tensor("x", type.element, type.shape), Tensor("y", type.element, type.shape))
    let axes = Equation.axes(of: y)
    var arguments: [BufferID] = []
    var parameters: [Kernel.Parameter] = []
    var value = x[axes]
    if let number = literal(output.value) {
      value = .constant(number)
    } else if let source = buffers[output.value] {
      arguments.append(source)
      parameters.append(.init(x, layout: .plain(rank: x.rank), role: .read))
    }
    parameters.append(.init(y, layout: .plain(rank: y.rank), role: .write))
    let equation = Equation(y, axes, value)
    program.kernels.append(
      Kernel(name: "copy", parameters: parameters, equations: [equation], schedule: Schedule(), body: []))
    arguments.append(BufferID(program.buffers.count))
    program.buffers.append(
      Buffer(name: output.name, type: type, layout: .plain(rank: type.rank), role: .output))
    let statement = "output \(output.name) = \(graph[output.value].name)"
    program.steps.append(
      Step(
        kernel: program.kernels.count - 1, arguments: arguments,
        provenance: Provenance(
          value: output.name, operators: ["copy"], statements: [statement], location: "", operationCount: 0)))
  }
}

/// Tensors named after values while the equations of a group are composed.
struct TensorNames {
  let graph: Graph

  func tensor(_ value: Value) -> Tensor {
    let type = graph.type(of: value)
    return Tensor("%\(value.index)", type.element, type.shape)
  }

  func value(of tensor: Tensor) -> Value? {
    Int(tensor.name.dropFirst()).map(Value.init(index:))
  }
}

/// The parameters of a kernel in the making: tensors under the operators' names for them (`x`, `w`, `b`, …
/// `y`).
private struct KernelParts {
  var names: [Tensor: Tensor] = [:]
  var parameters: [Kernel.Parameter] = []
  var values: [Value] = []
  private var preferred: [Value: String] = [:]
  /// Names that mean something else in the kernel.
  private let reserved: Set<String>

  /// - Parameter axes: those of the equations, whose names no tensor may have.
  init(group: [Node], axes: [Axis]) {
    reserved = Set(axes.map(\.name))
    for node in group {
      let declared = type(of: node.op).operands
      for (place, value) in node.operands.enumerated() where preferred[value] == nil {
        let operand = declared[min(place, declared.count - 1)]
        let isNumbered = operand.count == .variadic
        preferred[value] = isNumbered ? "\(operand.name)\(place - declared.count + 1)" : operand.name
      }
    }
    let results = group[group.count - 1].results
    for (place, value) in results.enumerated() { preferred[value] = results.count == 1 ? "y" : "y\(place)" }
  }

  mutating func add(_ tensor: Tensor, _ tensors: TensorNames, _ role: Kernel.Parameter.Role) {
    guard names[tensor] == nil, let value = tensors.value(of: tensor) else { return }
    let taken = reserved.union(parameters.map(\.tensor.name))
    let base = preferred[value] ?? "x"
    var name = base
    var number = 1
    while taken.contains(name) {
      number += 1
      name = "\(base)\(number)"
    }
    let part = Tensor(name, tensor.element, tensor.shape)
    names[tensor] = part
    parameters.append(.init(part, layout: .plain(rank: part.rank), role: role))
    values.append(value)
  }
}

extension Node {
  /// The node's meaning over tensors named after its values.
  fileprivate func equations(_ tensors: TensorNames) -> [Equation] {
    guard let primitive = op as? any PrimitiveOp else {
      preconditionFailure(
        "lowering meets '\(type(of: op).name)', which expand-composites should have expanded")
    }
    return primitive.equations(operands.map(tensors.tensor), results.map(tensors.tensor))
  }
}
