import LoopIR

/// Gradients by the weights of 3x3 and 5x5 convolutions with stride 1 become ones by Winograd's algorithm, with a quarter
/// to a sixth of the multiplications where all tiles fill:
///
///     sum[o,c,p,q] = sum(n,i,j) dy[n,o,i,j] * x[n,c,i+p,j+q]
///   →
///     taps = transformed tiles of dy; tiles = transformed tiles of x
///     products[s,o,c] = sum(n,t) taps[s,o,n,t] * tiles[s,c,n,t]
///     sum = products, transformed back
///
/// Kernels that have loops already stay as they are.
package func rewriteWinogradGradients(_ program: Program) -> Program {
  GradientRewriter.rewriting(program)
}

extension WinogradWeightGradient {
  /// The direct sum must take so much longer.
  private static let leastGain = 1.3
  /// Elements that lie between at most, 256 MB of them: all images of a batch are transformed at once.
  private static let mostElements = 1 << 26

  /// The tiles that take the least time; nil where the direct sum is about as fast, or the error to be expected is larger
  /// than the program allows.
  static func chosen(for equation: Equation, in program: Program) -> WinogradWeightGradient? {
    let possible = [4, 3, 2].compactMap { WinogradWeightGradient(equation, tile: $0) }.filter { gradient in
      [3, 5].contains(gradient.transform.outputs)
        && gradient.window.expectedError <= program.largestWinogradError
        && gradient.scratchElements <= mostElements && gradient.costs.winograd * leastGain < gradient.costs.direct
    }
    return possible.min { $0.costs.winograd < $1.costs.winograd }
  }

  /// What the comment of a kernel says of it.
  fileprivate var note: String {
    let tile = transform.taps
    return "in tiles of \(tile)x\(tile) by Winograd's algorithm: \(window.size) multiplications instead of "
      + "\(window.directSize), an error of about \(Int(window.growth)) roundings"
  }
}

private struct GradientRewriter: StepRewriter {
  /// A tensor in transformed tiles.
  private struct Transformed: Hashable {
    var source: BufferID
    var margins: [Layout.Halo]
    var tensor: Tensor
    var transform: WinogradTransform
  }

  var program: Program
  private var known: [Transformed: BufferID] = [:]

  init(program: Program) { self.program = program }

  mutating func rewrite(_ step: Step) {
    let kernel = program.kernels[step.kernel]
    guard kernel.equations.count == 1, kernel.body.isEmpty, let result = kernel.parameters.last,
      case .reduce(.sum, _, _) = kernel.equations[0].value, kernel.equations[0].result == result.tensor,
      let lanes = result.layout.blockedDimension, lanes < 2,
      let gradient = WinogradWeightGradient.chosen(for: kernel.equations[0], in: program),
      kernel.layout(of: gradient.outputs.tensor).holds(gradient.margins.outputs),
      kernel.layout(of: gradient.pixels.tensor).holds(gradient.margins.pixels),
      let outputs = operand(gradient.outputs.tensor, kernel, step),
      let pixels = operand(gradient.pixels.tensor, kernel, step)
    else {
      program.steps.append(step)
      return
    }
    let (d, v, _) = gradient.scratch
    let taps = transformed("taps", outputs, gradient.margins.outputs, d, gradient.transformingOutputs, gradient, step)
    let tiles = transformed("tiles", pixels, gradient.margins.pixels, v, gradient.transformingPixels, gradient, step)
    let products = addProducts(of: gradient, lanes, (taps, tiles), step)
    addSums(of: gradient, lanes, products, result, step)
  }

  private func operand(_ tensor: Tensor, _ kernel: Kernel, _ step: Step) -> AddedTensor.Operand? {
    zip(kernel.parameters, step.arguments).first { $0.0.tensor == tensor }.map { ($0.0, $0.1) }
  }

  /// The tiles of one factor, transformed; by a step before, unless there was one: tensors in blocks are written once.
  /// Margins and transform say how many tiles there are.
  private mutating func transformed(
    _ what: String, _ source: AddedTensor.Operand, _ margins: [Layout.Halo], _ target: Tensor, _ body: [Statement],
    _ gradient: WinogradWeightGradient, _ step: Step
  ) -> BufferID {
    let key = Transformed(source: source.buffer, margins: margins, tensor: target, transform: gradient.transform)
    if let found = known[key] { return found }
    let name = "\(program[source.buffer].name).\(what)"
    let added = AddedTensor(
      name: name, layout: WinogradWeightGradient.factorLayout, kernel: "winograd\(gradient.transform.taps)_\(what)",
      result: target, body: body, operands: [source])
    let buffer = append(added, "\(name): tiles of \(program[source.buffer].name), transformed", step)
    known[key] = buffer
    return buffer
  }

  private mutating func addProducts(
    of gradient: WinogradWeightGradient, _ lanes: Int, _ factors: (BufferID, BufferID), _ step: Step
  ) -> BufferID {
    let (d, v, _) = gradient.scratch
    let layout = WinogradWeightGradient.factorLayout
    let added = AddedTensor(
      name: "\(step.provenance.value).products", layout: WinogradWeightGradient.productLayout(lanes: lanes),
      kernel: "\(program.kernels[step.kernel].name)_winograd\(gradient.transform.taps)", equation: gradient.product,
      operands: [
        (.init(d, layout: layout, role: .read), factors.0), (.init(v, layout: layout, role: .read), factors.1),
      ])
    let buffer = append(added, nil, step)
    let last = program.steps.count - 1
    program.steps[last].provenance.operators = step.provenance.operators
    program.steps[last].provenance.statements.append(gradient.note)
    program.steps[last].provenance.operationCount = step.provenance.operationCount
    return buffer
  }

  /// The step writes what it wrote before.
  private mutating func addSums(
    of gradient: WinogradWeightGradient, _ lanes: Int, _ products: BufferID, _ result: Kernel.Parameter, _ step: Step
  ) {
    var (step, kernel) = (step, program.kernels[step.kernel])
    let (m, value) = (gradient.scratch.m, step.provenance.value)
    kernel.name = "winograd\(gradient.transform.taps)_sums"
    kernel.parameters = [.init(m, layout: program[products].layout, role: .read), result]
    kernel.equations = []
    kernel.body = kernel.clearedMargins + gradient.transformingBack(lanes: lanes)
    program.kernels[step.kernel] = kernel
    step.arguments = [products] + step.arguments.suffix(1)
    step.provenance = Provenance(
      value: value, operators: [], statements: ["\(value): products, transformed back"], location: "", operationCount: 0)
    program.steps.append(step)
  }

  /// - Parameter statement: what the kernel's comment says, instead of what it says of the step.
  private mutating func append(_ added: AddedTensor, _ statement: String?, _ other: Step) -> BufferID {
    var (buffer, step) = program.add(added, for: other)
    if let statement { (step.provenance.statements, step.provenance.location) = ([statement], "") }
    program.steps.append(step)
    return buffer
  }
}
