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
    let transform = TwoSidedProduct(
      rows: window.rows.filter, columns: window.columns.filter, names: (given: "w", between: "g", result: "u"))
    let statements = transform.statements(
      given: { weight(output, $0, $1) },
      storing: { a, b, value in
        let place = Index.constant(a * window.columns.size + b)
        return [.store(Access(transformedWeights, [output, place, .axis(channels)]), value)]
      })
    let vector = Statement.loop(Loop(lane, kind: .vector, statements))
    let inner = Statement.loop(Loop(channels, [vector]))
    return block.extent == 1 ? [inner] : [.loop(Loop(block, [inner]))]
  }

  private func weight(_ output: Index, _ a: Int, _ b: Int) -> Scalar {
    if !isBackward { return weights.tensor[[output, .axis(channels), .constant(a), .constant(b)]] }
    let place = [window.rows.taps - 1 - a, window.columns.taps - 1 - b].map { Index.constant($0) }
    return weights.tensor[[.axis(channels), output] + place]
  }
}
