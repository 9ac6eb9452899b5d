import LoopIR

/// Marks the loops of large kernels as shared among threads, and gives every thread memory of its own where a kernel
/// needs some to work in. What all threads fill and then read is left to two kernels. Programs for one thread stay as
/// they are.
package func shareWork(_ program: Program) -> Program {
  if program.threads == 1 { return program }
  var program = program
  var next = 0
  while next < program.kernels.count {
    let place = next
    next += 1
    let users = program.steps.indices.filter { program.steps[$0].kernel == place }
    guard users.contains(where: { program.isLarge(program.steps[$0]) }) else { continue }
    if let (first, second) = program.kernels[place].sharedHalves {
      program.split(place, first, second)
      next += 1
    } else if let shared = program.kernels[place].sharingLoops {
      program.kernels[place] = shared
      for step in users {
        for (parameter, buffer) in zip(shared.parameters, program.steps[step].arguments) where parameter.role == .scratch {
          program[buffer].copies = program.threads
        }
      }
    }
  }
  return program
}

extension Program {
  /// Work that takes far longer than the threads need to agree on it: some microseconds.
  fileprivate func isLarge(_ step: Step) -> Bool {
    let written = zip(kernels[step.kernel].parameters, step.arguments)
      .filter { $0.0.role != .read }.map { self[$0.1].type.count }
    return step.provenance.operationCount >= 200_000 || (written.max() ?? 0) >= 16_384
  }

  /// Two kernels, side by side, and two steps in place of one.
  fileprivate mutating func split(_ place: Int, _ first: Kernel, _ second: Kernel) {
    let whole = kernels[place]
    let filled = zip(whole.parameters, whole.parameters.indices).filter { $0.0.role == .scratch }.map(\.1)
    kernels[place] = second
    kernels.insert(first, at: place)
    kernels[place].name += "_\(whole.parameters[filled[0]].tensor.name)"
    steps = steps.flatMap { step -> [Step] in
      var step = step
      if step.kernel > place { step.kernel += 1 }
      if step.kernel != place { return [step] }
      func arguments(_ kernel: Kernel) -> [BufferID] {
        zip(whole.parameters, step.arguments).filter { parameter, _ in
          kernel.parameters.contains { $0.tensor == parameter.tensor }
        }.map(\.1)
      }
      var (filling, reading) = (step, step)
      reading.kernel = place + 1
      filling.arguments = arguments(first)
      let value = self[step.arguments[filled[0]]].name
      filling.provenance = Provenance(
        value: value, operators: [], statements: ["\(value): what \(second.name) reads"], location: "",
        operationCount: step.provenance.operationCount)
      reading.arguments = arguments(second)
      reading.provenance.operationCount = 0
      return [filling, reading]
    }
  }
}
