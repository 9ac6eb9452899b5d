/// The commonest inner loop, `sum(c, p, q) x[…] * w[…]` with positions affine in the loops: offsets advance by constant
/// steps, edges are clipped off before a run, and where it pays a whole row of the result is computed at once.
///
/// A tap outside of a tensor with `outside: 0` adds nothing, whatever it is multiplied with.
struct SumOfProducts {
  /// A number that moves by a constant step with each loop: an offset, or a position to be tested against an edge.
  struct Cursor {
    var start: IndexCode
    var steps: [Int]
  }

  /// Offsets of the first factor, the second factor and the target, then the tested positions.
  var cursors: [Cursor]
  /// Extents that belong to the tested positions.
  var limits: [Int]
  var factors: ([Double], [Double])
  /// Outermost first; the last loop is the run.
  var extents: [Int]
  var rowCount: Int

  private static let testedFrom = 3

  /// Fills a row (or the one element) of sums.
  func fill(_ row: UnsafeMutableBufferPointer<Double>, _ frame: Frame) {
    row.update(repeating: 0)
    if extents.contains(0) { return }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: cursors.count + extents.count) { memory in
      memory.initialize(repeating: 0)
      for (place, cursor) in cursors.enumerated() { memory[place] = cursor.start(frame) }
      let counters = UnsafeMutableBufferPointer(rebasing: memory[cursors.count...])
      factors.0.withUnsafeBufferPointer { first in
        factors.1.withUnsafeBufferPointer { second in
          repeat { addRun(memory, first, second, row) } while advance(memory, counters)
        }
      }
    }
  }

  private func advance(
    _ positions: UnsafeMutableBufferPointer<Int>, _ counters: UnsafeMutableBufferPointer<Int>
  ) -> Bool {
    for loop in (0..<extents.count - 1).reversed() {
      counters[loop] += 1
      let isDone = counters[loop] == extents[loop]
      let count = isDone ? 1 - extents[loop] : 1
      for place in cursors.indices { positions[place] += cursors[place].steps[loop] * count }
      if !isDone { return true }
      counters[loop] = 0
    }
    return false
  }

  private func addRun(
    _ positions: UnsafeMutableBufferPointer<Int>, _ first: UnsafeBufferPointer<Double>,
    _ second: UnsafeBufferPointer<Double>, _ row: UnsafeMutableBufferPointer<Double>
  ) {
    let run = extents.count - 1
    var (lower, upper) = (0, extents[run])
    for (test, limit) in limits.enumerated() {
      let place = Self.testedFrom + test
      clip(&lower, &upper, position: positions[place], step: cursors[place].steps[run], limit: limit)
    }
    if lower >= upper { return }
    let a = strided(first, positions[0], cursors[0].steps[run], lower, upper)
    let b = strided(second, positions[1], cursors[1].steps[run], lower, upper)
    if cursors[2].steps[run] == 0 {
      row[positions[2]] += dot(a, b, upper - lower)
    } else {
      let target = strided(UnsafeBufferPointer(row), positions[2], 1, lower, upper)
      addProducts(a, b, to: UnsafeMutablePointer(mutating: target.base), upper - lower)
    }
  }

  /// The part of a tensor that a run walks; traps unless the tensor has all of it.
  private func strided(
    _ memory: UnsafeBufferPointer<Double>, _ start: Int, _ step: Int, _ lower: Int, _ upper: Int
  ) -> Strided {
    let (begin, end) = (start + step * lower, start + step * (upper - 1))
    guard memory.indices.contains(begin), memory.indices.contains(end), let base = memory.baseAddress else {
      preconditionFailure("a run from \(begin) to \(end) leaves a tensor of \(memory.count) elements")
    }
    return Strided(base: base + begin, step: step)
  }
}

/// Elements at equal distances, already proven to exist.
private struct Strided {
  var base: UnsafePointer<Double>
  var step: Int
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

private func addProducts(_ a: Strided, _ b: Strided, to row: UnsafeMutablePointer<Double>, _ count: Int) {
  let (x, y) = (a.base, b.base)
  switch (a.step, b.step) {
  case (1, 0):
    let factor = y[0]
    for place in 0..<count { row[place] += x[place] * factor }
  case (0, 1):
    let factor = x[0]
    for place in 0..<count { row[place] += y[place] * factor }
  case (_, 0):
    let factor = y[0]
    for place in 0..<count { row[place] += x[place * a.step] * factor }
  default:
    for place in 0..<count { row[place] += x[place * a.step] * y[place * b.step] }
  }
}
