import LoopIR
import SourceText

/// Reads the text form of a program, which `Program.text` prints:
///
///     program  = "program" name "{" { plan | tuning | buffer | view | kernel | call } "}"
///     plan     = "plan" integer "bytes" "," "at" "least" integer
///     buffer   = role name ":" type [ "in" layout ] [ "at" integer ] [ "from" type ] [ "=" contents ]
///     view     = "view" name "of" name "at" integer
///     role     = "input" | "output" | "parameter" | "variable" | "state" | "arena"
///     contents = initializer | literal | "data" "(" string ")"
///     call     = "call" name "(" [ name { "," name } ] ")" "{" provenance "}"
///     name     = path [ "@" integer ]
///
/// Kernels are those of `LoopParser`, tuning is that of `TokenCursor.tuning()`. What a call uses stands before it.
package struct ProgramParser {
  /// Larger places and counts of bytes are taken for mistakes.
  private static let byteLimit = 1 << 50

  var cursor: TokenCursor
  private let blobs: [String: TensorData]
  private var program: Program
  /// Places by name, `@2` included.
  private var buffers: [String: BufferID] = [:]
  private var kernels: [String: Int] = [:]
  private var bufferCounts = NameCounts()
  private var kernelCounts = NameCounts()

  /// The program of a text that holds nothing else. Its syntax is checked, not the contract of
  /// `ProgramVerifier`.
  /// - Parameter blobs: the tensors behind `data("…")`, as `Program.blobs` gives them.
  package static func parse(
    _ file: SourceFile, blobs: [String: TensorData] = [:]
  ) throws(CompileError) -> Program {
    var parser = ProgramParser(file, blobs)
    try parser.cursor.throwIfErrors()
    return try parser.parse()
  }

  private init(_ file: SourceFile, _ blobs: [String: TensorData]) {
    cursor = TokenCursor(file)
    self.blobs = blobs
    program = Program(name: "")
  }

  private mutating func parse() throws(CompileError) -> Program {
    try cursor.expect(keyword: "program")
    program.name = try cursor.expectIdentifier("a name for the program").name
    try cursor.expect(.leftBrace)
    while cursor.accept(.rightBrace) == nil { try statement() }
    try cursor.expectEnd()
    return program
  }

  private mutating func statement() throws(CompileError) {
    for role in Buffer.Role.allCases where cursor.accept(keyword: role.rawValue) != nil {
      return try buffer(role)
    }
    if cursor.accept(keyword: "plan") != nil { return try plan() }
    if accepts("winograd") {
      try cursor.expect(keyword: "error")
      program.largestWinogradError = try cursor.literalNumber()
      return
    }
    if accepts("registers") { return program.registers = try cursor.vectorRegisters() }
    if accepts("weights") {
      program.weightElement = cursor.accept(keyword: "f16") == nil ? .f32 : .f16
      if program.weightElement == .f32 { try cursor.expect(keyword: "f32") }
      return
    }
    if cursor.at(keyword: "tuning") { return program.tuning = try cursor.tuning() }
    if accepts("threads") { return program.threads = try threadCount() }
    if cursor.accept(keyword: "view") != nil { return try view() }
    if cursor.accept(keyword: "kernel") != nil { return try kernel() }
    if cursor.accept(keyword: "call") != nil { return try call() }
    throw cursor.unexpected("a buffer, a kernel, a call or '}'")
  }

  private mutating func accepts(_ keyword: String) -> Bool {
    cursor.at(.colon, ahead: 1) ? false : cursor.accept(keyword: keyword) != nil
  }

  private mutating func plan() throws(CompileError) {
    program.arenaByteCount = try byteCount()
    try cursor.expect(keyword: "bytes")
    try cursor.expect(.comma)
    try cursor.expect(keyword: "at")
    try cursor.expect(keyword: "least")
    program.arenaLowerBound = try byteCount()
  }

  private mutating func byteCount() throws(CompileError) -> Int {
    let (count, range) = try cursor.expectInteger("a number of bytes")
    if count <= Self.byteLimit { return count }
    throw CompileError(
      "too-many-bytes", "expected at most \(Self.byteLimit) bytes, found \(count)", at: range)
  }

  // MARK: Buffers

  private mutating func buffer(_ role: Buffer.Role) throws(CompileError) {
    let found = try name("a name for a buffer")
    let name = found.name
    try require(found, is: bufferCounts.next(name))
    try cursor.expect(.colon)
    let (type, layout) = try declaration(of: name)
    let copies = cursor.accept(keyword: "times") == nil ? 1 : try threadCount()
    let offset = cursor.accept(keyword: "at") == nil ? nil : try byteCount()
    var sourceType = type
    var transform: WinogradWindow?
    if let keyword = cursor.accept(keyword: "from") {
      sourceType = try declaration(of: name).type
      if cursor.accept(keyword: "by") != nil { transform = try self.transform() }
      let count = transform.map { $0.filterCount(of: sourceType.shape) } ?? sourceType.count
      let isHalved = type.element == .f16 && sourceType.element == .f32
      if count != type.count || sourceType.element != type.element && !isHalved {
        throw CompileError(
          "source-type", "expected as many elements as \(type) has, found \(sourceType)", at: keyword.range)
      }
    }
    let source = cursor.accept(.equal) == nil ? nil : try contents(sourceType)
    buffers[found.written] = BufferID(program.buffers.count)
    program.buffers.append(
      Buffer(
        name: name, type: type, layout: layout, role: role, offset: offset, source: source,
        sourceType: sourceType, transform: transform))
    program.buffers[program.buffers.count - 1].copies = copies
  }

  private mutating func threadCount() throws(CompileError) -> Int {
    let (count, range) = try cursor.expectInteger("a number of threads")
    if (1...Program.mostThreads).contains(count) { return count }
    throw CompileError("threads", "expected 1 to \(Program.mostThreads) threads, found \(count)", at: range)
  }

  /// `winograd(4, 3)`: outputs of a tile and taps of a filter; `winograd(4, 1, 7)` where rows and columns differ.
  private mutating func transform() throws(CompileError) -> WinogradWindow {
    let start = try cursor.expect(keyword: "winograd")
    try cursor.expect(.leftParen)
    let outputs = try cursor.expectInteger("outputs of a tile").value
    try cursor.expect(.comma)
    let rows = try cursor.expectInteger("taps").value
    let isSquare = cursor.accept(.comma) == nil
    let columns = isSquare ? rows : try cursor.expectInteger("columns of taps").value
    try cursor.expect(.rightParen)
    if (2...8).contains(outputs), (1...8).contains(rows), (1...8).contains(columns),
      let transform = WinogradWindow(outputs: outputs, taps: (rows, columns))
    {
      return transform
    }
    if rows != columns, rows != 1, columns != 1 {
      throw CompileError(
        "transform", "expected a square or a strip of taps, found \(rows) rows of \(columns)", at: start.range)
    }
    let taps = isSquare ? "\(rows)" : "\(rows), \(columns)"
    throw CompileError("transform", "no points for winograd(\(outputs), \(taps)) are known", at: start.range)
  }

  private mutating func declaration(
    of name: String
  ) throws(CompileError) -> (type: TensorType, layout: Layout) {
    let start = cursor.position
    let (tensor, layout) = try LoopParser.declaration(of: name, &cursor)
    let type = TensorType(tensor.element, tensor.shape)
    if type.isRepresentable { return (type, layout) }
    throw CompileError(
      "tensor-too-large", "tensor has more than \(TensorType.byteLimit) bytes", at: cursor.range(from: start))
  }

  /// What stands behind the equals sign of a parameter.
  private mutating func contents(_ type: TensorType) throws(CompileError) -> ParameterSource {
    guard case .identifier(let word) = cursor.peek().kind, cursor.at(.leftParen, ahead: 1) else {
      return .data(try cursor.tensorLiteral(type))
    }
    let start = cursor.position
    cursor.advance()
    cursor.advance()
    if word == "data" { return .data(try blob(type)) }
    guard let form = Initializer.forms.first(where: { $0.name == word }) else {
      throw unknown("initializer", word, cursor.range(from: start), among: Initializer.forms.map(\.name))
    }
    var arguments: [Double] = []
    while !cursor.at(.rightParen) {
      if !arguments.isEmpty { try cursor.expect(.comma) }
      arguments.append(try cursor.literalNumber())
    }
    try cursor.expect(.rightParen)
    guard arguments.count == form.arguments.count else {
      throw CompileError(
        "initializer-arguments",
        "expected \(form.arguments.count) numbers for '\(word)', found \(arguments.count)",
        at: cursor.range(from: start))
    }
    return .initializer(form.make(arguments))
  }

  private mutating func blob(_ type: TensorType) throws(CompileError) -> TensorData {
    let (key, range) = try cursor.expectString("the key of a tensor")
    try cursor.expect(.rightParen)
    if let data = blobs[key], data.type == type { return data }
    throw CompileError(
      "data-not-in-the-text", "the elements of '\(type)' are not in the text", at: range,
      help: "programs with long tensors are for reading only")
  }

  /// `view a of c at 4096`: both stand before it.
  private mutating func view() throws(CompileError) {
    let start = cursor.position
    let piece = try place("buffer", buffers)
    try cursor.expect(keyword: "of")
    let whole = try place("buffer", buffers)
    try cursor.expect(keyword: "at")
    let view = Program.View(of: whole, byteOffset: try byteCount())
    if program.views[piece] != nil || program.root(of: whole).of == piece {
      throw CompileError(
        "view", "'\(program[piece].name)' is a piece of another buffer, or has this one as a piece",
        at: cursor.range(from: start))
    }
    program.views[piece] = view
  }

  // MARK: Kernels and calls

  private mutating func kernel() throws(CompileError) {
    let found = try name("a name for a kernel")
    try require(found, is: kernelCounts.next(found.name))
    kernels[found.written] = program.kernels.count
    program.kernels.append(try LoopParser.kernel(named: found.name, &cursor))
  }

  private mutating func call() throws(CompileError) {
    let kernel = try place("kernel", kernels)
    try cursor.expect(.leftParen)
    var arguments: [BufferID] = []
    while !cursor.at(.rightParen) {
      if !arguments.isEmpty { try cursor.expect(.comma) }
      arguments.append(try place("buffer", buffers))
    }
    try cursor.expect(.rightParen)
    try cursor.expect(.leftBrace)
    let provenance = try provenance()
    try cursor.expect(.rightBrace)
    program.steps.append(Step(kernel: kernel, arguments: arguments, provenance: provenance))
  }

  private mutating func provenance() throws(CompileError) -> Provenance {
    try cursor.expect(keyword: "computes")
    var provenance = Provenance(
      value: try cursor.expectPath("a value").path, operators: [], statements: [], location: "",
      operationCount: 0)
    if cursor.accept(keyword: "by") != nil {
      repeat {
        provenance.operators.append(try cursor.expectIdentifier("an operator").name)
      } while cursor.accept(.comma) != nil
    }
    if cursor.accept(keyword: "operations") != nil {
      provenance.operationCount = try cursor.expectInteger("a number of operations").value
    }
    if cursor.accept(keyword: "from") != nil {
      provenance.location = try cursor.expectString("a place in a file").value
    }
    while !cursor.at(.rightBrace) {
      provenance.statements.append(try cursor.expectString("a statement of the graph").value)
    }
    return provenance
  }

  // MARK: Names

  /// A name without and with its number: `conv1.weight@2`.
  private typealias Name = (name: String, written: String, range: SourceRange)

  private mutating func name(_ what: String) throws(CompileError) -> Name {
    let start = cursor.position
    let name = try cursor.expectPath(what).path
    var written = name
    if cursor.accept(.at) != nil { written += "@\(try cursor.expectInteger("a number").value)" }
    return (name, written, cursor.range(from: start))
  }

  /// Something new has the next number.
  private func require(_ found: Name, is expected: String) throws(CompileError) {
    if found.written == expected { return }
    throw CompileError(
      "duplicate-name", "expected '\(expected)', found '\(found.written)'", at: found.range,
      help: "the second 'x' is called 'x@2'")
  }

  private mutating func place<Place>(_ kind: String, _ places: [String: Place]) throws(CompileError) -> Place
  {
    let (_, written, range) = try name("a \(kind)")
    if let place = places[written] { return place }
    throw unknown(kind, written, range, among: places.keys.sorted())
  }

  private func unknown(
    _ kind: String, _ name: String, _ range: SourceRange, among names: [String]
  ) -> CompileError {
    let help = suggestion(for: name, among: names).map { "did you mean '\($0)'?" }
    return CompileError("unknown-\(kind)", "no \(kind) is called '\(name)' here", at: range, help: help)
  }
}
