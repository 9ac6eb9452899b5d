import LoopIR

/// Chooses a schedule for every kernel, lays its weights out for it, and makes the loop nests. Kernels that
/// have loops already stay as they are.
package func chooseSchedules(_ program: Program) -> Program {
  var program = program.withOwnKernels
  var packing = RuntimePacking()
  let questions = program.steps.map { ScheduleQuestion($0, program) }
  let answers = ScheduleQuestion.answers(questions)
  for place in program.steps.indices {
    guard let question = questions[place], let answer = answers[question] else { continue }
    let step = program.steps[place]
    var kernel = program.kernels[step.kernel]
    for (tensor, layout) in answer.layouts {
      if question.parameters.contains(tensor) {
        lay(tensor, out: layout, &kernel, step: place, &program)
      } else {
        packing.pack(tensor, layout, &kernel, step: place, &program)
      }
    }
    (kernel.schedule, kernel.body) = (answer.schedule, answer.body)
    program.kernels[step.kernel] = kernel
  }
  program.steps = program.steps.indices.flatMap { packing.steps(before: $0) + [program.steps[$0]] }
  return program
}

/// All that a schedule depends on: layers that are alike are scheduled once.
private struct ScheduleQuestion: Hashable {
  var equations: [Equation]
  /// With the layouts that are settled already.
  var tensors: [Kernel.Parameter]
  /// Tensors that are known at compile time, so that any layout costs nothing.
  var parameters: [Tensor]
  var registers: VectorRegisters
  /// What was measured for each of the equations.
  var choices: [ScheduleChoice]

  /// Nil for a step whose kernel has loops already.
  init?(_ step: Step, _ program: Program) {
    let kernel = program.kernels[step.kernel]
    if !kernel.body.isEmpty { return nil }
    equations = kernel.equations
    tensors = kernel.parameters
    registers = program.registers
    choices = equations.map { program.tuning.schedule(of: $0, on: program.registers) }
    parameters = zip(kernel.parameters, step.arguments).filter { program[$0.1].role == .parameter }.map(\.0.tensor)
  }

  /// The answers to all of the questions, each found once.
  static func answers(_ questions: [ScheduleQuestion?]) -> [ScheduleQuestion: ScheduleAnswer] {
    var asked: Set<ScheduleQuestion> = []
    let distinct = questions.compactMap { $0 }.filter { asked.insert($0).inserted }
    return Dictionary(uniqueKeysWithValues: zip(distinct, distinct.concurrentMap(\.answer)))
  }

  var answer: ScheduleAnswer {
    var answer = ScheduleAnswer()
    for tensor in tensors where tensor.role == .write {
      answer.body += tensor.layout.clearingMargins(of: tensor.tensor)
    }
    for (equation, choice) in zip(equations, choices) {
      let contraction = contraction(equation, choice)
      let channels = contraction == nil ? equation.channelSchedule(layout) : nil
      answer.schedule = contraction?.schedule ?? channels ?? elementwiseSchedule(equation)
      answer.layouts += contraction?.layouts ?? []
      if channels != nil { answer.layouts += equation.channelLayouts(of: parameters, layout) }
      do {
        answer.body += try answer.schedule.apply(to: equation.readingMargins(layout))
      } catch {
        preconditionFailure("choose-schedules made a schedule that does not fit: \(error)")
      }
    }
    return answer
  }

  private func contraction(_ equation: Equation, _ choice: ScheduleChoice) -> Contraction? {
    // The lanes of a result in blocks are known, its channels most often.
    let lanes = layout(equation.result).blockedDimension.map { equation.axes[$0] }
    let read = equation.readingMargins(layout)
    return Contraction(read, layout: layout, lanes: lanes, registers: registers, choice: choice) { tensor in
      if parameters.contains(tensor) { return .once }
      return RuntimePacking.pays(for: tensor, in: equation) ? .everyRun : .never
    }
  }

  private func layout(_ tensor: Tensor) -> Layout {
    tensors.first { $0.tensor == tensor }?.layout ?? .plain(rank: tensor.rank)
  }
}

private struct ScheduleAnswer {
  var schedule = Schedule()
  var layouts: [(tensor: Tensor, layout: Layout)] = []
  var body: [Statement] = []
}

/// Vectors along the last axis, where single precision allows them and some tensor has its elements side by side.
private func elementwiseSchedule(_ equation: Equation) -> Schedule {
  guard equation.scatter == nil, let last = equation.axes.last(where: { $0.extent > 1 }), last.extent >= 8,
    isSinglePrecision(equation, along: last), walksSideBySide(equation, last)
  else { return PeriodicSchedule.schedule(equation) ?? Schedule() }
  if last.extent <= Layout.block { return Schedule([.vectorize(last.name)]) }
  let names = equation.pieces(of: last, 2)
  return Schedule([
    .split(last.name, factor: Layout.block, outer: names[0], inner: names[1]), .vectorize(names[1]),
  ])
}

/// Positions that are data may be whole numbers where they are the same for all lanes.
private func isSinglePrecision(_ equation: Equation, along axis: Axis) -> Bool {
  equation.rewritten(index: { index in
    if case .value(let scalar) = index, !scalar.mentions(axis) { .constant(0) } else { index }
  }).isSinglePrecision
}

private func walksSideBySide(_ equation: Equation, _ axis: Axis) -> Bool {
  let reads = equation.value.reads.filter { $0.indices.contains { $0.mentions(axis) } }
  return reads.isEmpty
    || reads.contains { access in
      let offset = Layout.plain(rank: access.tensor.rank).offset(of: access.indices, shape: access.tensor.shape)
      return LinearForm(offset).factor(of: axis) == 1
    }
}

/// Gives a kernel's tensor a layout, and its step a buffer that has it: the same, or another copy of the weights.
private func lay(
  _ tensor: Tensor, out layout: Layout, _ kernel: inout Kernel, step place: Int, _ program: inout Program
) {
  guard let parameter = kernel.parameters.firstIndex(where: { $0.tensor == tensor }) else { return }
  kernel.parameters[parameter].layout = layout
  let id = program.steps[place].arguments[parameter]
  // A packed buffer has the shape under which the kernel knows the tensor; row-major order is the same for both.
  let type = TensorType(tensor.element, tensor.shape)
  let isShared = program.steps.enumerated().contains { other, step in
    other != place && step.arguments.contains(id)
  }
  if let same = program.buffers.firstIndex(where: { candidate in
    candidate.layout == layout && candidate.type == type && candidate.name == program[id].name
  }) {
    program.steps[place].arguments[parameter] = BufferID(same)
  } else if isShared {
    var copy = program[id]
    (copy.layout, copy.type) = (layout, type)
    program.steps[place].arguments[parameter] = BufferID(program.buffers.count)
    program.buffers.append(copy)
  } else {
    (program[id].layout, program[id].type) = (layout, type)
  }
}
