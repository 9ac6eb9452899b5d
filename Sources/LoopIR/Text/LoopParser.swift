import SourceText

/// Reads the text form of kernels, schedules and equations, which their descriptions print.
package struct LoopParser {
  /// Larger tensors are taken for mistakes.
  package static let elementLimit = 1 << 40
  /// Positions that may grow beyond are taken for mistakes, so that arithmetic on them never overflows.
  static let indexLimit = 1 << 60
  /// How deep expressions and blocks may nest.
  static let depthLimit = 400
  /// Most operators of one statement: a chain of them is a tree as deep.
  static let operatorLimit = 1000

  var cursor: TokenCursor
  var tensors: [String: Tensor] = [:]
  var axes: [String: Axis] = [:]
  var locals: [String: ElementType] = [:]
  private var operatorCount = 0

  package init(_ cursor: TokenCursor) { self.cursor = cursor }

  /// All kernels of a text that holds nothing else.
  package static func kernels(_ file: SourceFile) throws(CompileError) -> [Kernel] {
    var parser = LoopParser(TokenCursor(file))
    try parser.cursor.throwIfErrors()
    var kernels: [Kernel] = []
    while !parser.cursor.atEnd { kernels.append(try parser.kernel()) }
    return kernels
  }

  /// A kernel from its opening brace on, for texts that hold kernels among other things.
  package static func kernel(
    named name: String, _ cursor: inout TokenCursor
  ) throws(CompileError) -> Kernel {
    var parser = LoopParser(cursor)
    defer { cursor = parser.cursor }
    return try parser.kernel(named: name)
  }

  /// What stands behind the colon of a declaration: `f32[1, 16, 28, 28] in [0 1/16 2 3 1%16]`. Without `in`
  /// the layout is plain.
  package static func declaration(
    of name: String, _ cursor: inout TokenCursor
  ) throws(CompileError) -> (tensor: Tensor, layout: Layout) {
    var parser = LoopParser(cursor)
    defer { cursor = parser.cursor }
    return try parser.declaration(of: name)
  }

  package static func schedule(_ file: SourceFile) throws(CompileError) -> Schedule {
    var parser = LoopParser(TokenCursor(file))
    try parser.cursor.throwIfErrors()
    let schedule = try parser.schedule()
    try parser.cursor.expectEnd()
    return schedule
  }

  mutating func kernel() throws(CompileError) -> Kernel {
    try cursor.expect(keyword: "kernel")
    return try kernel(named: try cursor.expectIdentifier("a kernel name").name)
  }

  private mutating func kernel(named name: String) throws(CompileError) -> Kernel {
    try cursor.expect(.leftBrace)
    (tensors, axes, locals) = ([:], [:], [:])
    var kernel = Kernel(name: name, parameters: [], equations: [], schedule: Schedule(), body: [])
    while let role = acceptRole() { kernel.parameters.append(try parameter(role)) }
    while cursor.at(keyword: "axes") || cursor.at(keyword: "equation") {
      axes = [:]
      if cursor.accept(keyword: "axes") != nil { try axisDeclarations() }
      try cursor.expect(keyword: "equation")
      kernel.equations.append(try equation())
    }
    axes = [:]
    if cursor.accept(keyword: "schedule") != nil { kernel.schedule = try schedule() }
    kernel.body = try block()
    return kernel
  }

  private mutating func acceptRole() -> Kernel.Parameter.Role? {
    for role in Kernel.Parameter.Role.allCases where cursor.accept(keyword: role.rawValue) != nil {
      return role
    }
    return nil
  }

  /// `x: f32[1, 16, 28, 28] in [0 1/16 2 3 1%16] halo [0+0 0+0 1+1 1+1]`
  private mutating func parameter(_ role: Kernel.Parameter.Role) throws(CompileError) -> Kernel.Parameter {
    let (name, range) = try cursor.expectIdentifier("a tensor name")
    try cursor.expect(.colon)
    let (tensor, layout) = try declaration(of: name)
    if tensors.updateValue(tensor, forKey: name) != nil {
      throw CompileError("duplicate-tensor", "tensor '\(name)' is declared twice", at: range)
    }
    return .init(tensor, layout: layout, role: role)
  }

  private mutating func declaration(of name: String) throws(CompileError) -> (tensor: Tensor, layout: Layout)
  {
    let element = try elementType()
    let tensor = Tensor(name, element, try shape())
    let isPlain = cursor.accept(keyword: "in") == nil
    return (tensor, isPlain ? .plain(rank: tensor.rank) : try layout(of: tensor))
  }

  mutating func elementType() throws(CompileError) -> ElementType {
    guard case .identifier(let word) = cursor.peek().kind, let type = ElementType(rawValue: word) else {
      throw cursor.unexpected("an element type")
    }
    cursor.advance()
    return type
  }

  private mutating func shape() throws(CompileError) -> [Int] {
    var shape: [Int] = []
    var count = 1
    try cursor.expect(.leftBracket)
    while !cursor.at(.rightBracket) {
      if !shape.isEmpty { try cursor.expect(.comma) }
      let (extent, range) = try cursor.expectInteger("an extent")
      let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow, product <= Self.elementLimit else {
        throw CompileError(
          "tensor-too-large", "tensor has more than \(Self.elementLimit) elements", at: range)
      }
      shape.append(extent)
      count = product
    }
    try cursor.expect(.rightBracket)
    return shape
  }

  /// `axes c < 64, p < 3`
  private mutating func axisDeclarations() throws(CompileError) {
    repeat {
      let name = try cursor.expectIdentifier("an axis").name
      try cursor.expect(.less)
      axes[name] = Axis(name, try extent())
    } while cursor.accept(.comma) != nil
  }

  /// How many places an axis has.
  mutating func extent() throws(CompileError) -> Int {
    let (extent, range) = try cursor.expectInteger("an extent")
    if extent <= Self.elementLimit { return extent }
    throw CompileError(
      "axis-extent", "expected an extent of at most \(Self.elementLimit), found \(extent)", at: range)
  }

  /// Begins an expression of its own.
  mutating func resetOperators() { operatorCount = 0 }

  /// Counts an operator of an expression.
  mutating func countOperator() throws(CompileError) {
    operatorCount += 1
    if operatorCount <= Self.operatorLimit { return }
    throw CompileError(
      "expression-too-long", "expression has more than \(Self.operatorLimit) operators",
      at: cursor.peek().range)
  }

  mutating func schedule() throws(CompileError) -> Schedule {
    var schedule = Schedule()
    repeat { schedule.directives.append(try directive()) } while cursor.accept(.semicolon) != nil
    return schedule
  }

  private static let directives = [
    "split", "reorder", "unroll", "vectorize", "parallel", "fuse", "separate", "carry",
    "prefetch", "stream",
  ]

  private mutating func directive() throws(CompileError) -> Schedule.Directive {
    let verb = cursor.peek()
    guard case .identifier(let word) = verb.kind else { throw cursor.unexpected("a directive") }
    cursor.advance()
    switch word {
    case "split":
      let axis = try axisName()
      let (factor, range) = try cursor.expectInteger("a factor")
      guard factor > 0, factor <= Self.elementLimit else {
        throw CompileError(
          "split-factor", "expected a factor of 1 to \(Self.elementLimit), found \(factor)", at: range)
      }
      try cursor.expect(.arrow)
      return .split(axis, factor: factor, outer: try axisName(), inner: try axisName())
    case "reorder":
      var names = [try axisName()]
      while !cursor.atStatementEnd, let name = cursor.acceptIdentifier() { names.append(name.name) }
      return .reorder(names)
    case "unroll": return .unroll(try axisName())
    case "vectorize": return .vectorize(try axisName())
    case "parallel": return .parallel(try axisName())
    case "fuse":
      let (outer, inner) = (try axisName(), try axisName())
      try cursor.expect(.arrow)
      return .fuse(outer, inner, into: try axisName())
    case "separate": return .separate(try axisName())
    case "carry": return .carry(try axisName())
    case "prefetch":
      let tensor = try cursor.expectIdentifier("a tensor").name
      return .prefetch(tensor, ahead: try distance())
    case "stream":
      let tensor = try cursor.expectIdentifier("a tensor").name
      let ahead = try distance()
      try cursor.expect(keyword: "by")
      return .stream(tensor, ahead: ahead, by: try distance())
    default:
      let help = suggestion(for: word, among: Self.directives)
      throw CompileError(
        "unknown-directive", "expected a directive, found '\(word)'", at: verb.range,
        help: help.map { "did you mean '\($0)'?" })
    }
  }

  /// How many elements ahead a prefetch looks.
  mutating func distance() throws(CompileError) -> Int {
    let (count, range) = try cursor.expectInteger("a distance")
    if (0...Self.elementLimit).contains(count) { return count }
    throw CompileError(
      "prefetch-distance", "expected a distance of 0 to \(Self.elementLimit) elements, found \(count)", at: range)
  }

  private mutating func axisName() throws(CompileError) -> String {
    try cursor.expectIdentifier("an axis").name
  }
}
