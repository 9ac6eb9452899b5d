/// How a loop nest is made of an equation: rewrites in order, each checked for legality where it is applied.
///
/// Printed and parsed as `split o 16 -> o0 o1; reorder n o0 i j o1; unroll j; vectorize o1`.
package struct Schedule: Hashable, Sendable {
  package enum Directive: Hashable, Sendable {
    /// `for a in 0..<n { … }` → `for outer { for inner in 0..<factor { … } }`; a rest gets a nest of its own.
    case split(String, factor: Int, outer: String, inner: String)
    /// The loops over the result's axes, or those of its reductions, in a new order.
    case reorder([String])
    /// Every iteration written out; loops inside are jammed.
    case unroll(String)
    /// The iterations become the lanes of vectors.
    case vectorize(String)
    /// The iterations may run on several threads.
    case parallel(String)
    /// `for outer { for inner { … } }` → `for t`, two loops of the result as one.
    case fuse(String, String, into: String)
    /// Every iteration a nest of its own.
    case separate(String)
    /// The outermost loop of a sum around those of the result, which carries the sum on.
    case carry(String)
    /// The innermost loops of reductions fetch what they will read of a tensor, so many elements ahead.
    case prefetch(String, ahead: Int)
    /// Tiles that read the same piece of a tensor each fetch a share of the next one, so many elements ahead.
    case stream(String, ahead: Int, by: Int)
  }

  package var directives: [Directive]

  package init(_ directives: [Directive] = []) {
    self.directives = directives
  }
}

/// A directive that does not fit the nest it is applied to: which, and why.
package struct ScheduleError: Error {
  package var directive: Schedule.Directive
  package var reason: String
}

extension Schedule {
  /// Schedules that write out more statements are taken for mistakes.
  static let statementLimit = 1 << 16

  /// The loop nests of an equation under this schedule, repeated reads named.
  package func apply(to equation: Equation) throws(ScheduleError) -> [Statement] {
    var nests = LoopNest.naive(equation)
    for directive in directives {
      try Self.apply(directive, to: &nests)
      if nests.reduce(0, { $0 + $1.body.statementCount }) > Self.statementLimit {
        throw Self.tooManyStatements(directive)
      }
    }
    return LoopNest.joined(
      nests.map(\.withoutSingleIterations).map { nest in
        LoopNest(loops: nest.loops, body: nameRepeatedReads(nest.body))
      })
  }

  private static func apply(_ directive: Directive, to nests: inout [LoopNest]) throws(ScheduleError) {
    switch directive {
    case .split(let axis, let factor, let outer, let inner):
      try split(&nests, axis, factor, outer, inner, directive)
    case .reorder(let names):
      nests = nests.map { $0.reordered(names) }
    case .unroll(let axis):
      try unroll(&nests, axis, directive)
    case .vectorize(let axis):
      try setKind(.vector, of: axis, in: &nests, directive)
    case .parallel(let axis):
      try setKind(.parallel, of: axis, in: &nests, directive)
    case .fuse(let outer, let inner, let name):
      let fused = nests.map { $0.fused(outer, inner, into: name) ?? $0 }
      if fused == nests { throw ScheduleError(directive: directive, reason: "no loops over '\(outer)' and '\(inner)'") }
      nests = fused
    case .separate(let axis):
      let separated = nests.map { $0.separated(axis) ?? [$0] }
      let count = separated.joined().reduce(0) { $0 + $1.body.statementCount }
      if count > statementLimit { throw tooManyStatements(directive) }
      if separated.allSatisfy({ $0.count == 1 }), !nests.contains(where: { $0.extent(of: axis) == 1 }) {
        throw ScheduleError(directive: directive, reason: "no loop over '\(axis)'")
      }
      nests = Array(separated.joined())
    case .carry(let axis):
      let carried = nests.map { $0.carrying(axis) ?? [$0] }
      if carried.allSatisfy({ $0.count == 1 && !$0[0].loops.contains { $0.axis.name == axis } }) {
        throw ScheduleError(directive: directive, reason: "no sum begins with a loop over '\(axis)'")
      }
      nests = LoopNest.inStages(carried)
    case .prefetch(let tensor, let ahead):
      let fetching = nests.map { $0.prefetching(tensor, ahead: ahead) }
      if fetching == nests { throw ScheduleError(directive: directive, reason: "no loop reads '\(tensor)'") }
      nests = fetching
    case .stream(let tensor, let ahead, let stride):
      try stream(&nests, tensor, ahead, stride, directive)
    }
  }

  private static func stream(
    _ nests: inout [LoopNest], _ tensor: String, _ ahead: Int, _ stride: Int, _ directive: Directive
  ) throws(ScheduleError) {
    guard let streaming = LoopNest.streaming(nests, tensor, ahead: ahead, by: stride) else {
      throw ScheduleError(directive: directive, reason: "no vectors of one sum read '\(tensor)'")
    }
    nests = streaming
  }

  private static func split(
    _ nests: inout [LoopNest], _ axis: String, _ factor: Int, _ outer: String, _ inner: String, _ directive: Directive
  ) throws(ScheduleError) {
    var result: [LoopNest] = []
    var found = false
    for nest in nests {
      guard let pieces = nest.split(axis, factor: factor, outer: outer, inner: inner) else {
        result.append(nest)
        continue
      }
      found = true
      result += pieces
    }
    guard found else { throw ScheduleError(directive: directive, reason: "no loop over '\(axis)'") }
    nests = result
  }

  private static func unroll(
    _ nests: inout [LoopNest], _ axis: String, _ directive: Directive
  ) throws(ScheduleError) {
    var found = false
    for place in nests.indices {
      guard let iterations = nests[place].extent(of: axis) else { continue }
      let (count, overflow) = nests[place].body.statementCount.multipliedReportingOverflow(by: iterations)
      if overflow || count > statementLimit { throw tooManyStatements(directive) }
      guard let unrolled = nests[place].unrolled(axis) else { continue }
      found = true
      nests[place] = unrolled
    }
    guard found else { throw ScheduleError(directive: directive, reason: "no loop over '\(axis)'") }
  }

  private static func tooManyStatements(_ directive: Directive) -> ScheduleError {
    ScheduleError(directive: directive, reason: "more than \(statementLimit) statements")
  }

  private static func setKind(
    _ kind: Loop.Kind, of axis: String, in nests: inout [LoopNest], _ directive: Directive
  ) throws(ScheduleError) {
    var found = false
    for nest in nests.indices {
      guard let place = nests[nest].loops.firstIndex(where: { $0.axis.name == axis }) else { continue }
      if nests[nest].loops[place].isCarried {
        throw ScheduleError(directive: directive, reason: "'\(axis)' carries a sum on")
      }
      if kind == .vector, place != nests[nest].loops.count - 1 {
        throw ScheduleError(directive: directive, reason: "'\(axis)' is not the innermost loop of the result")
      }
      nests[nest].loops[place].kind = kind
      found = true
    }
    guard found else { throw ScheduleError(directive: directive, reason: "no loop over '\(axis)'") }
  }
}
