/// The commonest inner loop, `sum(c, p, q) x[…] * w[…]` with positions affine in the loops: offsets advance
/// by constant steps, edges are clipped off before a run, and where it pays a whole row of the result is
/// computed at once.
///
/// A tap outside of a tensor with `outside: 0` adds nothing, whatever it is multiplied with.
struct SumOfProducts {
  /// A number that moves by a constant step with each loop: an offset, or a position to be tested against an
  /// edge.
  struct Cursor {
    var start: IndexCode
    var steps: [Int]
  }

  private var factors: (CodeBuilder.Buffer, CodeBuilder.Buffer)
  private var starts: [IndexCode]
  /// Of every loop, outermost first, the steps of all cursors; the last loop is the run.
  private var steps: [Int]
  private var extents: [Int]
  /// Extents that belong to the tested positions.
  private var limits: [Int]

  /// - Parameters:
  ///   - offsets: places of the first factor, of the second, and of the sum in its row
  ///   - tests: positions that must lie in `0..<limit` for a tap to count, with their limits
  ///   - extents: of the loops, outermost first
  init(
    factors: (CodeBuilder.Buffer, CodeBuilder.Buffer), offsets: [Cursor], tests: [Cursor], limits: [Int], extents: [Int]
  ) {
    let cursors = offsets + tests
    self.factors = factors
    self.extents = extents
    self.limits = limits
    starts = cursors.map(\.start)
    steps = extents.indices.flatMap { loop in cursors.map { $0.steps[loop] } }
  }

  /// Fills a row (or the one element) of sums.
  func fill(_ row: UnsafeMutableBufferPointer<Double>, _ frame: Frame) {
    row.update(repeating: 0)
    if extents.contains(0) { return }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: starts.count + extents.count) { memory in
      memory.initialize(repeating: 0)
      var place = 0
      while place < starts.count {
        memory[place] = starts[place](frame)
        place += 1
      }
      steps.withUnsafeBufferPointer { steps in
        extents.withUnsafeBufferPointer { extents in
          limits.withUnsafeBufferPointer { limits in
            let nest = RunNest(
              positions: .init(rebasing: memory[..<starts.count]),
              counters: .init(rebasing: memory[starts.count...]),
              steps: steps, extents: extents, limits: limits)
            addRuns(nest, row)
          }
        }
      }
    }
  }

  private func addRuns(_ nest: RunNest, _ row: UnsafeMutableBufferPointer<Double>) {
    factors.0.values.withUnsafeBufferPointer { first in
      factors.1.values.withUnsafeBufferPointer { second in
        repeat { nest.addRun(first, second, row) } while nest.advance()
      }
    }
  }
}

/// The loops around the runs of a sum of products, and where they stand.
private struct RunNest {
  let positions: UnsafeMutableBufferPointer<Int>
  let counters: UnsafeMutableBufferPointer<Int>
  let steps: UnsafeBufferPointer<Int>
  let extents: UnsafeBufferPointer<Int>
  let limits: UnsafeBufferPointer<Int>

  /// Moves every cursor to the next run; false after the last.
  func advance() -> Bool {
    var loop = extents.count - 2
    while loop >= 0 {
      counters[loop] += 1
      let isDone = counters[loop] == extents[loop]
      let count = isDone ? 1 - extents[loop] : 1
      let row = loop * positions.count
      for place in 0..<positions.count { positions[place] &+= steps[row + place] &* count }
      if !isDone { return true }
      counters[loop] = 0
      loop -= 1
    }
    return false
  }

  func addRun(
    _ first: UnsafeBufferPointer<Double>, _ second: UnsafeBufferPointer<Double>,
    _ row: UnsafeMutableBufferPointer<Double>
  ) {
    let run = (extents.count - 1) * positions.count
    var (lower, upper) = (0, extents[extents.count - 1])
    for test in 0..<limits.count {
      clip(
        &lower, &upper, position: positions[3 + test], step: steps[run + 3 + test], limit: limits[test])
    }
    if lower >= upper { return }
    let count = upper - lower
    let a = Strided(first, positions[0] + steps[run] * lower, steps[run], count)
    let b = Strided(second, positions[1] + steps[run + 1] * lower, steps[run + 1], count)
    if steps[run + 2] == 0 {
      row[positions[2]] += dot(a, b, count)
    } else {
      addProducts(a, b, to: row, from: positions[2] + lower, count)
    }
  }
}

/// Elements at equal distances.
private struct Strided {
  let base: UnsafePointer<Double>
  let step: Int

  /// Traps unless the memory has all of them.
  init(_ memory: UnsafeBufferPointer<Double>, _ start: Int, _ step: Int, _ count: Int) {
    let end = start + step * (count - 1)
    guard start >= 0, end >= 0, start < memory.count, end < memory.count, let base = memory.baseAddress else {
      preconditionFailure("a run from \(start) to \(end) leaves a tensor of \(memory.count) elements")
    }
    self.base = base + start
    self.step = step
  }
}

/// Keeps the places of a run where `0 <= position + step * place < limit`.
private func clip(_ lower: inout Int, _ upper: inout Int, position: Int, step: Int, limit: Int) {
  switch step {
  case 0:
    if position < 0 || position >= limit { upper = lower }
  case 1:
    lower = max(lower, -position)
    upper = min(upper, limit - position)
  case 2...:
    lower = max(lower, -position.dividedRoundingDown(by: step))
    upper = min(upper, (limit - 1 - position).dividedRoundingDown(by: step) + 1)
  default:
    lower = max(lower, -(limit - 1 - position).dividedRoundingDown(by: -step))
    upper = min(upper, position.dividedRoundingDown(by: -step) + 1)
  }
}

/// Four partial sums, so that additions need not wait for each other.
private func dot(_ a: Strided, _ b: Strided, _ count: Int) -> Double {
  var sums = SIMD4<Double>.zero
  var place = 0
  while place + 4 <= count {
    let (x, y) = (a.base + place * a.step, b.base + place * b.step)
    let left = SIMD4(x[0], x[a.step], x[2 * a.step], x[3 * a.step])
    let right = SIMD4(y[0], y[b.step], y[2 * b.step], y[3 * b.step])
    sums += left * right
    place += 4
  }
  var sum = sums.sum()
  while place < count {
    sum += a.base[place * a.step] * b.base[place * b.step]
    place += 1
  }
  return sum
}

private func addProducts(
  _ a: Strided, _ b: Strided, to row: UnsafeMutableBufferPointer<Double>, from start: Int, _ count: Int
) {
  precondition(start >= 0 && start + count <= row.count, "a run leaves its row of \(row.count) sums")
  guard let target = row.baseAddress.map({ $0 + start }) else { return }
  let (x, y) = (a.base, b.base)
  switch (a.step, b.step) {
  case (1, 0):
    let factor = y[0]
    for place in 0..<count { target[place] += x[place] * factor }
  case (0, 1):
    let factor = x[0]
    for place in 0..<count { target[place] += y[place] * factor }
  case (_, 0):
    let factor = y[0]
    for place in 0..<count { target[place] += x[place * a.step] * factor }
  default:
    for place in 0..<count { target[place] += x[place * a.step] * y[place * b.step] }
  }
}
