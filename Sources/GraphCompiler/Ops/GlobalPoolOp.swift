import LoopIR

/// Pooling with a window as large as the input: `[N, C, spatial…]` becomes `[N, C, 1…]`.
package protocol GlobalPoolOp: PrimitiveOp {
  static var reduction: Reduction { get }
  /// What is made of the reduced value; `count` pixels went into it.
  func finish(_ total: Scalar, count: Int) -> Scalar
}

extension GlobalPoolOp {
  package static var operands: [Operand] { [Operand("x")] }

  package static var examples: [String] {
    ["\(name)(f32[2, 3, 4, 5])", "\(name)(f32[1, 2, 7])", "\(name)(f32[1, 2, 3, 2, 4])"]
  }

  package func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    try Self.requireFloat(x)
    let spatial = try Self.requireSpatial(x)
    guard !spatial.contains(0) else {
      throw OpError("'\(Self.name)' takes at least one pixel, found \(x)", at: .operand(0))
    }
    return [TensorType(x.element, x.shape[..<2] + spatial.map { _ in 1 })]
  }

  package func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, y) = (operands[0], results[0])
    let leading = Equation.axes(["n", "c"], y.shape)
    let pixels = Window.kernelAxes(Array(x.shape[2...]))
    let total = reduce(Self.reduction, pixels, x[leading + pixels])
    let count = pixels.reduce(1) { $0 * $1.extent }
    return [Equation(y, leading + Window.spatialAxes(Array(y.shape[2...])), finish(total, count: count))]
  }
}
