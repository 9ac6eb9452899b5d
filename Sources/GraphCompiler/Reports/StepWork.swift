import LoopIR

/// What a step computes and moves, as its equations say.
package struct StepWork: Sendable, Hashable {
  /// Multiplications and additions of the equations, padding counted.
  package let operations: Int
  /// Bytes of the tensors that the step reads and writes, each counted once; what it leaves in memory of its own for
  /// itself is not counted.
  package let byteCount: Int
  /// Bytes of weights among them.
  package let weightByteCount: Int

  package init(operations: Int, byteCount: Int, weightByteCount: Int) {
    self.operations = operations
    self.byteCount = byteCount
    self.weightByteCount = weightByteCount
  }

  /// Operations per byte.
  package var intensity: Double { byteCount == 0 ? 0 : Double(operations) / Double(byteCount) }
}

extension Program {
  /// The work of one of the steps.
  package func work(of step: Step) -> StepWork {
    let parameters = kernels[step.kernel].parameters
    var (bytes, weights) = (0, 0)
    for (parameter, argument) in zip(parameters, step.arguments) where parameter.role != .scratch {
      let size =
        parameter.layout.elementCount(shape: parameter.tensor.shape) * parameter.tensor.element.byteCount
      bytes += size
      if self[argument].role.isStored { weights += size }
    }
    return StepWork(
      operations: step.provenance.operationCount, byteCount: bytes, weightByteCount: weights)
  }

  /// The work of a whole run, in which every input, weight and output is moved once.
  package var work: StepWork {
    let moved = buffers.filter { $0.role != .arena }
    let weights = moved.filter(\.role.isStored).reduce(0) { $0 + $1.byteCount }
    return StepWork(
      operations: operationCount, byteCount: moved.reduce(0) { $0 + $1.byteCount }, weightByteCount: weights)
  }
}

/// What ends first when a kernel is made faster.
package enum Bound: String, Sendable, Hashable, CaseIterable {
  case compute, memory
}
