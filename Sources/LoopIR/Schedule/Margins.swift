/// What layouts with a margin of zeros make of loops: reads beyond the edge need no test, and whoever writes the tensor
/// writes the zeros too.
extension Equation {
  /// Reads that yield 0 outside, and stay within the margins of their tensor's layout, without their tests.
  package func readingMargins(_ layout: (Tensor) -> Layout) -> Equation {
    rewritten(scalar: { part in
      guard case .read(var access) = part, access.outside == 0 else { return part }
      let layout = layout(access.tensor)
      guard !layout.halos.isEmpty else { return part }
      for (dimension, index) in access.indices.enumerated() {
        let extent = access.tensor.shape[dimension]
        let halo = layout.halos[dimension]
        guard let range = index.range, range.lowerBound >= -halo.before, range.upperBound < extent + halo.after else {
          return part
        }
      }
      access.outside = nil
      return .read(access)
    })
  }
}

extension Layout {
  /// Loops that write zeros into the margins of a tensor, dimension by dimension: each of them covers the interior of
  /// the dimensions before it and everything of those behind it.
  package func clearingMargins(of tensor: Tensor) -> [Statement] {
    guard !halos.isEmpty else { return [] }
    return (0..<tensor.rank).flatMap { dimension -> [Statement] in
      let (halo, extent) = (halos[dimension], tensor.shape[dimension])
      let ends = [(start: -halo.before, count: halo.before), (start: extent, count: halo.after)]
      return ends.filter { $0.count > 0 }.map { clearing(tensor, dimension, from: $0.start, count: $0.count) }
    }
  }

  private func clearing(_ tensor: Tensor, _ margin: Int, from start: Int, count: Int) -> Statement {
    var indices: [Index] = []
    var axes: [Axis] = []
    var lanes: Axis?
    for (dimension, name) in Equation.axisNames(rank: tensor.rank).enumerated() {
      let halo = halos[dimension]
      if let block = block(of: dimension) {
        // Whole blocks: what pads the last one is nobody's.
        let (outer, inner) = (Axis("\(name)0", (tensor.shape[dimension] + block - 1) / block), Axis("\(name)1", block))
        axes.append(outer)
        lanes = inner
        indices.append(outer * block + inner)
      } else if dimension == margin {
        axes.append(Axis(name, count))
        indices.append(Axis(name, count) + start)
      } else {
        let isWhole = dimension > margin
        let axis = Axis(name, tensor.shape[dimension] + (isWhole ? halo.before + halo.after : 0))
        axes.append(axis)
        indices.append(axis - (isWhole ? halo.before : 0))
      }
    }
    let store = Statement.store(Access(tensor, indices), 0)
    let innermost = lanes.map { [Statement.loop(Loop($0, kind: .vector, [store]))] } ?? [store]
    let nest = LoopNest(loops: axes.map { LoopNest.Level($0) }, body: innermost).withoutSingleIterations
    return nest.statements[0]
  }

  private func block(of dimension: Int) -> Int? {
    for case .within(dimension, let block) in order { return block }
    return nil
  }
}

extension Kernel {
  /// The loops that the schedule makes of the equations on tensors in these layouts.
  package func scheduledBody() throws(ScheduleError) -> [Statement] {
    var body = clearedMargins
    for equation in equations {
      body += try schedule.apply(to: equation.readingMargins { layout(of: $0) })
    }
    return body
  }

  /// Loops that write zeros into the margins of all results.
  package var clearedMargins: [Statement] {
    parameters.filter { $0.role == .write }.flatMap { $0.layout.clearingMargins(of: $0.tensor) }
  }
}
