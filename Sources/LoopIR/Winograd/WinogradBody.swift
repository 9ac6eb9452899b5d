/// The loops of a convolution by Winograd's algorithm.
extension WinogradConvolution {
  /// Whether one block holds all tiles, so that pixels can be transformed by a kernel of their own.
  package var isOneBlock: Bool { tiles.fullBlocks == 1 && tiles.rest == 0 && equation.axes[0].extent == 1 }

  /// The two halves of the work, where one block holds all tiles: transformed pixels, and all that follows.
  package func stages(
    _ schedule: (Equation) -> Schedule
  ) throws(ScheduleError) -> (pixels: [Statement], products: [Statement]) {
    let all = try block(.constant(0), tiles.rowsPerBlock, schedule)
    return (Array(all.prefix(1)), Array(all.dropFirst()))
  }

  /// - Parameter schedule: of the product of a block of tiles.
  package func body(_ schedule: (Equation) -> Schedule) throws(ScheduleError) -> [Statement] {
    var blocks: [Statement] = []
    if tiles.fullBlocks > 1 {
      let block = Axis("block", tiles.fullBlocks)
      blocks.append(.loop(Loop(block, try self.block(block * tiles.rowsPerBlock, tiles.rowsPerBlock, schedule))))
    } else {
      blocks += try self.block(.constant(0), tiles.rowsPerBlock, schedule)
    }
    if tiles.rest > 0 {
      let start = Index.constant(tiles.fullBlocks * tiles.rowsPerBlock)
      blocks += try self.block(start, tiles.rest, schedule)
    }
    let batch = equation.axes[0]
    return batch.extent == 1 ? blocks : [.loop(Loop(batch, blocks))]
  }

  private func block(
    _ start: Index, _ rows: Int, _ schedule: (Equation) -> Schedule
  ) throws(ScheduleError) -> [Statement] {
    let product = self.product(tiles: rows * tiles.columns)
    let channels = Axis(equation.axes[1].name + "g", equation.axes[1].extent / group)
    let first = position(channels) * group
    let products = try schedule(product).apply(to: product).map { $0.readingWeights(transformedWeights, from: first) }
    let grouped = products + [transformingBack(start, rows, first)]
    return [transformingPixels(start, rows)] + (channels.extent == 1 ? grouped : [.loop(Loop(channels, grouped))])
  }

  private var image: Index { equation.axes[0].extent == 1 ? .constant(0) : .axis(equation.axes[0]) }

  /// Loops over blocks of channels, rows and columns of tiles around the work on one vector of channels.
  private func loops(_ channels: Axis, _ rows: Axis, _ columns: Axis, _ lane: Axis, _ body: [Statement]) -> Statement {
    let levels = [channels, rows, columns].filter { $0.extent != 1 }
    let vector = Statement.loop(Loop(lane, kind: .vector, nameRepeatedReads(body)))
    return levels.reversed().reduce(vector) { .loop(Loop($1, [$0])) }
  }

  /// An axis as a position: 0 where it has one place, and so no loop.
  private func position(_ axis: Axis) -> Index { axis.extent == 1 ? .constant(0) : .axis(axis) }

  private func transformingPixels(_ start: Index, _ rowCount: Int) -> Statement {
    let block = Axis("c0", channels.extent / Layout.block)
    let (row, column) = (Axis("row", rowCount), Axis("column", tiles.columns))
    let lane = Axis("c1", Layout.block)
    let channel = position(block) * Layout.block + lane
    let top = (start + position(row)) * tiles.outputs.rows - tiles.pads[0]
    let left = position(column) * tiles.outputs.columns - tiles.pads[1]
    let tile = position(row) * tiles.columns + position(column)
    let transform = TwoSidedProduct(
      rows: window.rows.data, columns: window.columns.data, names: (given: "x", between: "d", result: "v"))
    let statements = transform.statements(
      given: { pixels.tensor[[image, channel, top + $0, left + $1]] },
      storing: { a, b, value in
        [.store(Access(scratch.v, [.constant(a * window.columns.size + b), channel, tile]), value)]
      })
    return loops(block, row, column, lane, statements)
  }

  private func transformingBack(_ start: Index, _ rowCount: Int, _ first: Index) -> Statement {
    let output = equation.axes[1]
    let block = Axis("\(output.name)0", group / Layout.block)
    let (row, column) = (Axis("row", rowCount), Axis("column", tiles.columns))
    let lane = Axis("\(output.name)1", Layout.block)
    let channel = position(block) * Layout.block + lane
    let tile = position(row) * tiles.columns + position(column)
    let transform = TwoSidedProduct(
      rows: window.rows.result, columns: window.columns.result, hasPairsOfColumns: true,
      names: (given: "m", between: "r", result: "y"))
    let statements = transform.statements(
      given: { scratch.m[[.constant($0 * window.columns.size + $1), channel, tile]] },
      storing: { a, b, value in
        let i = (start + position(row)) * tiles.outputs.rows + a
        return storing(value, first + channel, i, position(column) * tiles.outputs.columns + b)
      })
    return loops(block, row, column, lane, statements)
  }

  /// The rest of the equation at one place, where the image has it.
  private func storing(
    _ sum: Scalar, _ channel: Index, _ i: Index, _ j: Index
  ) -> [Statement] {
    let axes = equation.axes
    let value = equation.value
      .rewritten(scalar: { part in if case .reduce = part { sum } else { part } })
      .substituting([axes[1]: channel, axes[2]: i, axes[3]: j])
    let place = Access(equation.result, [image, channel, i, j])
    let store = Statement.store(place, axes[0].extent == 1 ? value.substituting([axes[0]: .constant(0)]) : value)
    let limits = [(i, axes[2].extent), (j, axes[3].extent)].filter { index, extent in
      (index.range?.upperBound ?? 0) >= extent
    }
    let conditions = limits.map { Scalar.binary(.less, .index($0), .constant(Double($1))) }
    guard let first = conditions.first else { return [store] }
    return [.conditional(conditions.dropFirst().reduce(first) { .binary(.and, $0, $1) }, [store])]
  }
}

extension Statement {
  /// The same work with the weights of other channels.
  fileprivate func readingWeights(_ weights: Tensor, from first: Index) -> Statement {
    let moved: (Access) -> Access = { access in
      var access = access
      if access.tensor == weights { access.indices[0] = first + access.indices[0] }
      return access
    }
    return mappingTargets(moved).mappingScalars { scalar in
      scalar.rewritten(scalar: { if case .read(let access) = $0 { .read(moved(access)) } else { $0 } })
    }
  }
}
