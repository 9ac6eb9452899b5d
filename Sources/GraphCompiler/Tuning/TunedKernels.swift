import LoopIR

/// A convolution for which an algorithm can be chosen.
package struct TunableConvolution: Sendable {
  package let key: Tuning.Key
  /// The values that are computed like this.
  package var values: [String]
}

extension Equation {
  /// The same on tensors that need no conversion.
  fileprivate var readingSinglePrecision: Equation {
    rewritten(scalar: { part in
      guard case .cast(.f32, .read(var access)) = part else { return part }
      access.tensor = Tensor(access.tensor.name, .f32, access.tensor.shape)
      return .read(access)
    })
  }
}

extension Program {
  /// The sums of products that a step computes.
  package func tuningKeys(of step: Step) -> [Tuning.Key] {
    // Transformed weights are stored otherwise after the loops of their products were made.
    let isTransformed = step.arguments.contains { self[$0].transform != nil }
    let equations = kernels[step.kernel].equations.map { isTransformed ? $0.readingSinglePrecision : $0 }
    return equations.filter { equation in
      equation.isSinglePrecision && equation.scatter == nil && equation.value.onlySum?.body.reads.count ?? 0 > 1
    }.map { Tuning.Key($0, on: registers) }
  }

  /// The convolutions of a lowered program that Winograd's algorithm can compute, each once.
  var tunableConvolutions: [TunableConvolution] {
    var found: [TunableConvolution] = []
    var places: [Tuning.Key: Int] = [:]
    for step in steps {
      let equations = kernels[step.kernel].equations.map(\.withoutShiftsByNothing)
      guard equations.count == 1 else { continue }
      let canChoose = [2, 3, 4].contains {
        guard let convolution = WinogradConvolution.possible(for: equations[0], outputs: $0) else { return false }
        return convolution.isExact(in: self) && !convolution.isBackward
      }
      if !canChoose { continue }
      let key = Tuning.Key(equations[0], on: nil)
      if let place = places[key] {
        found[place].values.append(step.provenance.value)
        continue
      }
      places[key] = found.count
      found.append(TunableConvolution(key: key, values: [step.provenance.value]))
    }
    return found
  }
}
