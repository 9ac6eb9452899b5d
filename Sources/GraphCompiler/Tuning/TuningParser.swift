import LoopIR
import SourceText

extension Tuning {
  /// The tuning of a file that holds nothing else.
  package static func parse(_ file: SourceFile) throws(CompileError) -> Tuning {
    var cursor = TokenCursor(file)
    try cursor.throwIfErrors()
    let tuning = try cursor.tuning()
    try cursor.expectEnd()
    return tuning
  }
}

extension TokenCursor {
  /// Reads what `Tuning.write` prints:
  ///
  ///     tuning    = "tuning" "{" { choice } "}"
  ///     choice    = word integer { "," word integer } [ "on" registers ] [ times ] ":" string
  ///     word      = "winograd" | "vectors" | "tile" | "unroll" | "prefetch"
  ///     registers = integer "lanes" "x" integer
  ///     times     = "(" number "us" "," "was" number "us" ")"
  mutating func tuning() throws(CompileError) -> Tuning {
    try expect(keyword: "tuning")
    try expect(.leftBrace)
    var tuning = Tuning()
    var places: [Tuning.Key: SourceRange] = [:]
    while accept(.rightBrace) == nil {
      if atEnd { throw unexpected("a choice or '}'") }
      let start = position
      do throws(CompileError) {
        let (key, choice) = try tuningChoice()
        let range = self.range(from: start)
        if let first = places.updateValue(range, forKey: key) {
          throw CompileError(
            "duplicate-choice", "two choices for one kernel", at: range,
            notes: [Diagnostic.Note("the other one is here", at: first)], help: "leave one of them")
        }
        tuning.choices[key] = choice
      } catch {
        report(error)
        recover(from: start)
      }
    }
    try throwIfErrors()
    return tuning
  }

  private mutating func tuningChoice() throws(CompileError) -> (Tuning.Key, Tuning.Choice) {
    let start = position
    var choice = Tuning.Choice()
    repeat { try word(of: &choice) } while accept(.comma) != nil
    let words = range(from: start)
    let registers = accept(keyword: "on") == nil ? nil : try vectorRegisters()
    try requireFit(choice, registers, words)
    if accept(.leftParen) != nil { choice.times = try times() }
    try expect(.colon)
    let kernel = try expectString("what the kernel computes").value
    return (Tuning.Key(kernel: kernel, registers: registers), choice)
  }

  /// `tile 7`
  private mutating func word(of choice: inout Tuning.Choice) throws(CompileError) {
    let known = TuningWord.allCases.map(\.rawValue)
    let (name, place) = try expectIdentifier("'\(known.joined(separator: "', '"))'")
    guard let word = TuningWord(rawValue: name) else {
      let help = didYouMean(name, among: known) ?? "a choice is one of \(known.joined(separator: ", "))"
      throw CompileError("unknown-choice", "nothing to choose is called '\(name)'", at: place, help: help)
    }
    if choice[word] != nil {
      throw CompileError("duplicate-choice", "'\(name)' is chosen twice", at: place, help: "leave one of them")
    }
    let (value, range) = try expectInteger("\(word.range) for '\(name)'")
    if !word.allows(value) {
      throw CompileError(
        "choice-range", "expected \(word.range) for '\(name)', found \(value)", at: range,
        help: "remove the choice, or measure again by 'graphc compile NET --tune'")
    }
    choice[word] = value
  }

  /// Weights are laid out once for all registers, loops for each.
  private func requireFit(
    _ choice: Tuning.Choice, _ registers: VectorRegisters?, _ range: SourceRange
  ) throws(CompileError) {
    if choice.winograd != nil, registers != nil || !choice.schedule.isEmpty {
      throw CompileError(
        "choice-registers", "'winograd' goes for all registers, because it decides about weights", at: range,
        help: "give it a line of its own, without 'on'")
    }
    if choice.winograd == nil, registers == nil {
      throw CompileError(
        "choice-registers", "a choice about loops goes for one kind of registers", at: range,
        help: "say which behind it, such as 'on 16 lanes x 32'")
    }
  }

  /// `12.1 us, was 14.3 us)`
  private mutating func times() throws(CompileError) -> Tuning.Times {
    let now = try microseconds()
    try expect(.comma)
    try expect(keyword: "was")
    let before = try microseconds()
    try expect(.rightParen)
    return Tuning.Times(now: now, before: before)
  }

  private mutating func microseconds() throws(CompileError) -> Double {
    let start = position
    let value = try literalNumber()
    if value < 0 || !value.isFinite {
      throw CompileError("choice-range", "expected microseconds of at least 0", at: range(from: start))
    }
    try expect(keyword: "us")
    return value
  }

  /// `8 lanes x 16`
  mutating func vectorRegisters() throws(CompileError) -> VectorRegisters {
    let (lanes, start) = try expectInteger("a number of lanes")
    try expect(keyword: "lanes")
    try expect(keyword: "x")
    let (count, end) = try expectInteger("a number of registers")
    if let registers = VectorRegisters(lanes: lanes, registers: count) { return registers }
    throw CompileError(
      "registers", "expected 16 or 32 registers of 4, 8 or 16 lanes, found \(count) of \(lanes)",
      at: start.union(end))
  }
}
