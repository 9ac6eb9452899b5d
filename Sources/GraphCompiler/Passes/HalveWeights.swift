import LoopIR

/// Stores weights in half precision, where a program asks for that; kernels compute with them in single precision:
///
///     parameter w: f32[64, 32]              y[o] = sum(c) x[c] * w[o,c]
///   →
///     parameter w: f16[64, 32] from f32     y[o] = sum(c) x[c] * f32(w[o,c])
///
/// Biases, which have one number per channel (`[64]`, `[64, 1, 1]`), and other small tensors stay as they are.
package func halveWeights(_ program: Program) -> Program {
  if program.weightElement == .f32 { return program }
  var program = program.withOwnKernels
  for place in program.buffers.indices where program.buffers[place].isHalved {
    let old = program.buffers[place]
    program.buffers[place].type = TensorType(program.weightElement, old.type.shape)
    for step in program.steps {
      for (parameter, argument) in step.arguments.enumerated() where argument == BufferID(place) {
        program.kernels[step.kernel].store(parameter, as: program.weightElement)
      }
    }
  }
  return program
}

extension Buffer {
  /// Fewer elements are not worth the conversion.
  private static let leastCount = 1024

  /// Whether the weights are many and known.
  fileprivate var isHalved: Bool {
    role == .parameter && type.element == .f32 && type.count >= Self.leastCount
      && type.shape.dropFirst().contains { $0 > 1 }
  }
}

extension Kernel {
  /// The same with one of its tensors in another type, of which elements are converted where they are read.
  fileprivate mutating func store(_ place: Int, as element: ElementType) {
    let old = parameters[place].tensor
    let new = Tensor(old.name, element, old.shape)
    parameters[place].tensor = new
    func stored(_ access: Access) -> Access {
      if access.tensor != old { return access }
      return Access(new, access.indices, outside: access.outside)
    }
    func converted(_ scalar: Scalar) -> Scalar {
      guard case .read(let access) = scalar, access.tensor == old else { return scalar }
      return .cast(.f32, .read(stored(access)))
    }
    equations = equations.map { $0.rewritten(scalar: converted) }
    body = body.map { statement in
      statement.mappingScalars { $0.rewritten(scalar: converted) }.mappingTargets(stored)
    }
  }
}
