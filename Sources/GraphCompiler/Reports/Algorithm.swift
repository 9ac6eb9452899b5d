import LoopIR

/// By which algorithm a kernel computes its equations. Found from the equations and the weights, never from names.
package enum Algorithm: Sendable, Hashable {
  case winograd(WinogradWindow)
  /// Tensors are brought into the form that Winograd's products need, or back.
  case winogradTransform
  /// The products for a gradient by weights, with so many operations of its equation's.
  case winogradProducts(operations: Int, of: Int)
  case directConvolution, depthwiseConvolution, pointwiseConvolution, matrixProduct
  case pooling, reduction, pointwise, movement

  package var label: String {
    switch self {
    case .winograd(let window):
      "Winograd F(\(window.rows.outputs)x\(window.columns.outputs), \(window.rows.taps)x\(window.columns.taps))"
    case .winogradTransform: "transform for Winograd's products"
    case .winogradProducts: "Winograd's products"
    case .directConvolution: "direct convolution"
    case .depthwiseConvolution: "depthwise convolution"
    case .pointwiseConvolution: "pointwise convolution"
    case .matrixProduct: "matrix product"
    case .pooling: "pooling"
    case .reduction: "reduction"
    case .pointwise: "pointwise"
    case .movement: "copy"
    }
  }

  /// Multiplications that are done for each one of the equations.
  package var multiplicationShare: Double {
    switch self {
    case .winograd(let window): return Double(window.size) / Double(window.directSize)
    case .winogradProducts(let operations, let all): return Double(operations) / Double(max(1, all))
    default: return 1
    }
  }

  package init(_ step: Step, in program: Program) {
    let kernel = program.kernels[step.kernel]
    if let transform = step.arguments.lazy.compactMap({ program[$0].transform }).first {
      self = .winograd(transform)
    } else if kernel.equations.isEmpty {
      self = .winogradTransform
    } else if let window = step.arguments.lazy.compactMap(program.filtersTransformed).first {
      self = .winograd(window)
    } else if kernel.multipliesTransforms {
      self = .winogradProducts(operations: kernel.equations[0].operationCount, of: step.provenance.operationCount)
    } else if let product = kernel.equations.lazy.compactMap({
      $0.productSum(onPixels: step.givesPixels(in: program))
    })
    .first {
      self = product
    } else {
      switch WorkClass(kernel.equations) {
      case .contraction: self = .matrixProduct
      case .pooling: self = .pooling
      case .normalization: self = .reduction
      case .pointwise: self = .pointwise
      case .movement: self = .movement
      }
    }
  }
}

extension Program {
  /// The form of filters `[o, c, rows, columns]` that a step before transforms to `[o, s, c]`, as in training.
  fileprivate func filtersTransformed(_ id: BufferID) -> WinogradWindow? {
    guard self[id].role == .arena, self[id].type.rank == 3, let maker = steps.first(where: { $0.arguments.last == id }),
      kernels[maker.kernel].equations.isEmpty, maker.arguments.count == 2
    else { return nil }
    let (filters, transformed) = (self[maker.arguments[0]].type.shape, self[id].type.shape)
    guard self[maker.arguments[0]].role.isStored, filters.count == 4 else { return nil }
    return (2...4).lazy.compactMap { WinogradWindow(outputs: $0, taps: (filters[2], filters[3])) }
      .first { $0.size == transformed[1] }
  }
}

extension Kernel {
  /// True where what is multiplied are the factors of a gradient, transformed.
  fileprivate var multipliesTransforms: Bool {
    let factors = parameters.filter { $0.role == .read }
    return equations.count == 1 && !factors.isEmpty
      && factors.allSatisfy { $0.layout == WinogradWeightGradient.factorLayout }
  }
}

extension Equation {
  /// Which sum of products it is; nil where it is none.
  ///
  /// A window is walked where an index has an axis of the result and one of the sum; channels are axes of the sum
  /// that stand alone.
  /// - Parameter hasPixels: whether weights are applied to the channels of pixels, rather than to a vector.
  fileprivate func productSum(onPixels hasPixels: Bool) -> Algorithm? {
    guard multiplyAccumulateCount > 0 else { return nil }
    let own = axes.filter { $0.extent > 1 }
    var summed: [Axis] = []
    value.forEach { if case .reduce(.sum, let axes, _) = $0 { summed += axes.filter { $0.extent > 1 } } }
    let reads = value.reads.filter { read in
      read.indices.contains { index in summed.contains(where: index.mentions) }
    }
    let mixed = reads.flatMap(\.indices).filter { index in
      own.contains(where: index.mentions) && summed.contains(where: index.mentions)
    }
    let hasWindow = !mixed.isEmpty
    let hasChannels = summed.contains { sum in !mixed.contains { $0.mentions(sum) } }
    let isShared = own.contains { axis in
      reads.count > 1 && reads.allSatisfy { $0.indices.contains(.axis(axis)) }
    }
    if hasWindow { return isShared && !hasChannels ? .depthwiseConvolution : .directConvolution }
    return hasPixels ? .pointwiseConvolution : .matrixProduct
  }
}

extension Step {
  /// Whether the step applies weights and what it writes has pixels.
  fileprivate func givesPixels(in program: Program) -> Bool {
    let parameters = zip(program.kernels[kernel].parameters, arguments)
    return arguments.contains { program[$0].role.isStored }
      && parameters.contains { $0.role == .write && program[$1].type.shape.count > 2 }
  }
}
