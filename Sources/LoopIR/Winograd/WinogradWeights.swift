/// The transform of weights that are known only when the network runs, as when it is trained:
///
///     u[o, p, c] = G w[o, c] Gᵀ
///
/// In a convolution that hands gradients back, `sum(o,p,q) dy[n,o,i-p,j-q] * w[o,c,p,q]`, the filters are transposed and
/// their taps run backward.
extension WinogradConvolution {
  /// Loops that write the transformed weights; lanes are the channels of the result.
  package var transformingWeights: [Statement] {
    let result = equation.axes[1]
    let block = Axis("\(result.name)0", result.extent / Layout.block)
    let lane = Axis("\(result.name)1", Layout.block)
    let output = (block.extent == 1 ? .constant(0) : block.index) * Layout.block + lane
    let taps = 0..<transform.taps
    var statements: [Statement] = []
    let columns = taps.map { b -> [Scalar] in
      for a in taps { statements.append(.declare("w\(a)\(b)", .f32, weight(output, a, b))) }
      return named(product(taps.map { .local("w\($0)\(b)", .f32) }, "g\(b)", &statements), "g", b, &statements)
    }
    for a in 0..<transform.size {
      let values = product(taps.map { columns[$0][a] }, "u\(a)", &statements)
      for (b, value) in values.enumerated() {
        let place = Index.constant(a * transform.size + b)
        statements.append(.store(Access(transformedWeights, [output, place, .axis(channels)]), value))
      }
    }
    let vector = Statement.loop(Loop(lane, kind: .vector, statements))
    let inner = Statement.loop(Loop(channels, [vector]))
    return block.extent == 1 ? [inner] : [.loop(Loop(block, [inner]))]
  }

  private func weight(_ output: Index, _ a: Int, _ b: Int) -> Scalar {
    if !isBackward { return weights.tensor[[output, .axis(channels), .constant(a), .constant(b)]] }
    let last = transform.taps - 1
    return weights.tensor[[.axis(channels), output, .constant(last - a), .constant(last - b)]]
  }

  private func product(_ column: [Scalar], _ stem: String, _ statements: inout [Statement]) -> [Scalar] {
    MatrixProduct(matrix: transform.filter).values(of: column, stem: stem, &statements)
  }

  private func named(_ values: [Scalar], _ stem: String, _ column: Int, _ statements: inout [Statement]) -> [Scalar] {
    values.enumerated().map { place, value in
      statements.append(.declare("\(stem)\(place)\(column)", .f32, value))
      return .local("\(stem)\(place)\(column)", .f32)
    }
  }
}
