import LoopIR

extension Program {
  /// Outputs that are new elements of a stored tensor are written over the old ones.
  ///
  /// A step may do so where nobody reads the old elements after it, and it reads them itself only at the place that it
  /// writes; it is put off until then. Where that is impossible the new elements are copied at the end.
  package func applyingUpdates(_ updates: [TrainingPlan.Update]) -> Program {
    var work = InPlaceUpdates(program: self)
    for update in updates { work.apply(update) }
    work.program.steps += work.copies
    return work.program
  }
}

private struct InPlaceUpdates {
  var program: Program
  /// Steps at the end of the program.
  var copies: [Step] = []

  mutating func apply(_ update: TrainingPlan.Update) {
    guard let new = buffer(update.output, .output) else { preconditionFailure("no output '\(update.output)'") }
    guard let target = program.buffers.firstIndex(where: { $0.name == update.target && $0.source != nil }) else {
      preconditionFailure("nothing is stored under '\(update.target)'")
    }
    program[new].role = .arena
    let old = BufferID(target)
    if !writeInPlace(new, over: old) { copy(new, to: old) }
  }

  private func buffer(_ name: String, _ role: Buffer.Role) -> BufferID? {
    program.buffers.firstIndex { $0.name == name && $0.role == role }.map { BufferID($0) }
  }

  private mutating func writeInPlace(_ new: BufferID, over old: BufferID) -> Bool {
    guard let place = program.steps.firstIndex(where: { writes($0, new) }),
      let kernel = program.kernels[program.steps[place].kernel].overwriting(program.steps[place], old)
    else { return false }
    let lastReader = program.steps.lastIndex { $0.arguments.contains(old) } ?? place
    guard lastReader <= place || canMove(place, behind: lastReader) else { return false }
    var step = program.steps.remove(at: place)
    let result = program.kernels[step.kernel].parameters.count - 1
    step.arguments[result] = old
    step.arguments = kernel.keptArguments.map { step.arguments[$0] }
    step.kernel = program.kernels.count
    program.kernels.append(kernel.kernel)
    program.steps.insert(step, at: max(place, lastReader))
    for other in program.steps.indices {
      program.steps[other].arguments = program.steps[other].arguments.map { $0 == new ? old : $0 }
    }
    return true
  }

  private func writes(_ step: Step, _ id: BufferID) -> Bool {
    zip(program.kernels[step.kernel].parameters, step.arguments).contains { $0.0.role == .write && $0.1 == id }
  }

  /// Whether a step may run after a later one: nobody on the way reads what it makes or writes what it reads.
  private func canMove(_ place: Int, behind last: Int) -> Bool {
    let step = program.steps[place]
    let parameters = program.kernels[step.kernel].parameters
    let made = zip(parameters, step.arguments).filter { $0.0.role == .write }.map(\.1)
    return program.steps[(place + 1)...last].allSatisfy { other in
      !other.arguments.contains(where: made.contains) && !step.arguments.contains { writes(other, $0) }
    }
  }

  private mutating func copy(_ source: BufferID, to target: BufferID) {
    let type = program[source].type
    let (x, y) = (Tensor("x", type.element, type.shape), Tensor("y", type.element, type.shape))
    let axes = Equation.axes(of: y)
    let layout = Layout.plain(rank: type.rank)
    program.kernels.append(
      Kernel(
        name: "copy",
        parameters: [.init(x, layout: layout, role: .read), .init(y, layout: layout, role: .write)],
        equations: [Equation(y, axes, x[axes])], schedule: Schedule(), body: []))
    let name = program[target].name
    copies.append(
      Step(
        kernel: program.kernels.count - 1, arguments: [source, target],
        provenance: Provenance(
          value: name, operators: ["copy"], statements: ["\(name) = \(program[source].name)"], location: "",
          operationCount: 0)))
  }
}

extension Kernel {
  /// The kernel as it is when its result lies where one of its operands lay, and which arguments it still takes. nil
  /// where it reads that operand anywhere else than at the place that it writes.
  fileprivate func overwriting(_ step: Step, _ old: BufferID) -> (kernel: Kernel, keptArguments: [Int])? {
    guard equations.count == 1, equations[0].scatter == nil, let result = parameters.last, result.role == .write,
      parameters.count(where: { $0.role == .write }) == 1
    else { return nil }
    let equation = equations[0]
    var kernel = self
    var kept = Array(parameters.indices)
    for (place, parameter) in parameters.enumerated() where step.arguments[place] == old && parameter.role == .read {
      let reads = equation.value.reads.filter { $0.tensor == parameter.tensor }
      guard parameter.tensor.shape == result.tensor.shape,
        reads.allSatisfy({ read in
          zip(read.indices, equation.axes).allSatisfy { $0 == .axis($1) || $0 == .constant(0) && $1.extent == 1 }
        })
      else { return nil }
      kernel.equations = kernel.equations.map { $0.renamingTensors([parameter.tensor: result.tensor]) }
      kept.removeAll { $0 == place }
    }
    kernel.parameters = kept.map { parameters[$0] }
    return (kernel, kept)
  }
}
