import LoopIR

/// What a kernel computes, how, and how long that takes at least.
package struct KernelExplanation: Sendable {
  package let name: String
  /// The steps that call it, counted from 0.
  package let steps: [Int]
  /// Of the first of these.
  package let provenance: Provenance
  package let algorithm: Algorithm
  package let work: StepWork
  /// `x f32[1,32,32]`, in the order of the parameters; memory for the kernel's own use comes last.
  package let tensors: [String]
  package let equations: [String]
  /// See `NestOutline`.
  package let nest: [String]
  package let prediction: MachineModel.Prediction

  /// One for each kernel of the program, in the order of its first call.
  package static func all(_ program: Program, _ model: MachineModel = .usual) -> [KernelExplanation] {
    program.kernels.indices.compactMap { place in
      let steps = program.steps.indices.filter { program.steps[$0].kernel == place }
      return steps.isEmpty ? nil : KernelExplanation(program, kernel: place, steps, model)
    }.sorted { $0.steps[0] < $1.steps[0] }
  }

  private init(_ program: Program, kernel place: Int, _ steps: [Int], _ model: MachineModel) {
    let kernel = program.kernels[place]
    let first = program.steps[steps[0]]
    name = kernel.name
    self.steps = steps
    provenance = first.provenance
    algorithm = Algorithm(first, in: program)
    work = program.work(of: first)
    tensors = kernel.parameters.map(\.written)
    equations = kernel.equations.map(\.description)
    nest = NestOutline(kernel).lines
    prediction = model.prediction(
      of: work, operations: Double(work.operations) * algorithm.multiplicationShare,
      networkWeights: program.work.weightByteCount)
  }
}

extension Kernel.Parameter {
  /// `y f32[1,32,16,16], blocks of 16 channels, margins`
  fileprivate var written: String {
    let extents = tensor.shape.map(String.init).joined(separator: ",")
    var text = "\(tensor.name) \(tensor.element.rawValue)[\(extents)]"
    if layout.isChannelBlocked {
      text += ", blocks of \(Layout.block) channels"
    } else if !layout.isPlain {
      text += ", in order \(layout)"
    }
    if layout.halos.contains(where: { $0.before > 0 || $0.after > 0 }) { text += ", margins" }
    return role == .scratch ? "\(text), for its own use" : text
  }
}
