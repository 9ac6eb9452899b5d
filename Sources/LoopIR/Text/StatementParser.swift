import SourceText

extension LoopParser {
  /// `y[n,o] = value`, or a scatter: `y[int(p[k])] = value over k from 0 by sum`. Axes that are not declared
  /// are those of the result's dimensions.
  mutating func equation() throws(CompileError) -> Equation {
    resetOperators()
    let start = cursor.position
    let result = try tensor()
    let target = try resultIndices(result)
    try cursor.expect(.equal)
    let value = try scalar()
    if cursor.accept(keyword: "over") != nil { return try scatter(result, target, value) }
    var resultAxes: [Axis] = []
    for (index, extent) in zip(target, result.shape) {
      guard case .axis(let axis) = index, axis.extent == extent else {
        throw CompileError(
          "result-axes", "expected an axis of extent \(extent) for each dimension of '\(result.name)'",
          at: cursor.range(from: start))
      }
      resultAxes.append(axis)
    }
    return Equation(result, resultAxes, value)
  }

  private mutating func resultIndices(_ result: Tensor) throws(CompileError) -> [Index] {
    var indices: [Index] = []
    let bracket = try cursor.expect(.leftBracket)
    while !cursor.at(.rightBracket) {
      if !indices.isEmpty { try cursor.expect(.comma) }
      if case .identifier(let name) = cursor.peek().kind, axes[name] == nil, indices.count < result.rank,
        cursor.at(.comma, ahead: 1) || cursor.at(.rightBracket, ahead: 1)
      {
        axes[name] = Axis(name, result.shape[indices.count])
      }
      indices.append(try index())
    }
    try checkRank(result, indices, bracket)
    try cursor.expect(.rightBracket)
    return indices
  }

  private mutating func scatter(
    _ result: Tensor, _ target: [Index], _ value: Scalar
  ) throws(CompileError) -> Equation {
    var walked: [Axis] = []
    if !cursor.at(keyword: "from") {
      repeat { walked.append(try axis()) } while cursor.accept(.comma) != nil
    }
    try cursor.expect(keyword: "from")
    for axis in Equation.axes(of: result) { axes[axis.name] = axis }
    var scatter = Scatter(target: target, initial: try scalar())
    if cursor.accept(keyword: "by") != nil {
      guard case .identifier(let word) = cursor.peek().kind, let reduction = Reduction(rawValue: word) else {
        throw cursor.unexpected("a reduction")
      }
      cursor.advance()
      scatter.combine = reduction
    }
    return Equation(result, walked, value, scatter: scatter)
  }

  /// Statements up to and with the closing brace. Axes and locals of the block end with it.
  mutating func block() throws(CompileError) -> [Statement] {
    try cursor.enter(limit: Self.depthLimit)
    let (outerAxes, outerLocals) = (axes, locals)
    defer {
      (axes, locals) = (outerAxes, outerLocals)
      cursor.leave()
    }
    var statements: [Statement] = []
    while cursor.accept(.rightBrace) == nil { statements.append(try statement()) }
    return statements
  }

  private mutating func statement() throws(CompileError) -> Statement {
    resetOperators()
    if cursor.accept(keyword: "for") != nil { return try loop() }
    if cursor.accept(keyword: "if") != nil {
      let condition = try scalar()
      try cursor.expect(.leftBrace)
      return .conditional(condition, try block())
    }
    if cursor.at(keyword: "prefetch"), !cursor.at(.equal, ahead: 1), !cursor.at(.leftBracket, ahead: 1) {
      cursor.advance()
      let place = try access()
      try cursor.expect(keyword: "ahead")
      return .prefetch(place, ahead: try index())
    }
    if cursor.accept(keyword: "var") != nil {
      let name = try cursor.expectIdentifier("a local").name
      try cursor.expect(.colon)
      let type = try elementType()
      try cursor.expect(.equal)
      let value = try scalar()
      locals[name] = type
      return .declare(name, type, value)
    }
    if cursor.at(.leftBracket, ahead: 1) {
      let target = try access()
      try cursor.expect(.equal)
      return .store(target, try scalar())
    }
    let (name, range) = try cursor.expectIdentifier("a statement")
    guard let type = locals[name] else {
      throw unknown("local", name, range, among: locals.keys.sorted())
    }
    try cursor.expect(.equal)
    return .assign(name, type, try scalar())
  }

  /// `n in 0..<8, vector o in 0..<32 { … }`
  private mutating func loop() throws(CompileError) -> Statement {
    let outerAxes = axes
    defer { axes = outerAxes }
    var levels: [LoopNest.Level] = []
    repeat {
      levels.append(try level())
    } while cursor.accept(.comma) != nil
    try cursor.expect(.leftBrace)
    let innermost = try block()
    let nest = LoopNest(loops: levels, body: innermost).statements
    return nest[0]
  }

  private mutating func level() throws(CompileError) -> LoopNest.Level {
    var kind = Loop.Kind.serial
    for other in Loop.Kind.allCases
    where cursor.at(keyword: other.rawValue) && !cursor.at(keyword: "in", ahead: 1) {
      cursor.advance()
      kind = other
      break
    }
    try countOperator()
    let name = try cursor.expectIdentifier("an axis").name
    try cursor.expect(keyword: "in")
    let (first, range) = try cursor.expectInteger("0")
    if first != 0 {
      throw CompileError("loop-start", "expected 0, found \(first): loops begin at 0", at: range)
    }
    try cursor.expect(.dotDot)
    try cursor.expect(.less)
    let axis = Axis(name, try extent())
    axes[name] = axis
    return .init(axis, kind)
  }

  /// A name that means nothing here.
  func unknown(_ kind: String, _ name: String, _ range: SourceRange, among names: [String]) -> CompileError {
    let help = suggestion(for: name, among: names).map { "did you mean '\($0)'?" }
    return CompileError("unknown-\(kind)", "no \(kind) is called '\(name)' here", at: range, help: help)
  }
}
