import LoopIR
import SourceText

/// What was measured to be faster on some machine than what passes choose by themselves, kernel by kernel.
///
///     tuning {
///       tile 7, prefetch 0 on 16 lanes x 32 (12.1 us, was 14.3 us): "y[o,i,j] = …; c < 16, p < 3, q < 3; x: f32[…], …"
///       winograd 2 (40.2 us, was 51.0 us): "y[n,o,i,j] = …"
///     }
///
/// Kernels go by what they compute, whatever the graph calls it: a choice serves every network that has the kernel.
package struct Tuning: Hashable, Sendable {
  /// What a choice is for.
  package struct Key: Hashable, Sendable {
    /// The equation with the sizes of its axes and tensors.
    package var kernel: String
    /// Nil for what the programs for all registers must agree on, because they read the same weights.
    package var registers: VectorRegisters?

    package init(kernel: String, registers: VectorRegisters?) { (self.kernel, self.registers) = (kernel, registers) }

    package init(_ equation: Equation, on registers: VectorRegisters?) {
      var tensors: [Tensor] = []
      for access in equation.allReads where !tensors.contains(access.tensor) { tensors.append(access.tensor) }
      let axes = equation.boundAxes.map { "\($0.name) < \($0.extent)" }.joined(separator: ", ")
      let types = (tensors + [equation.result]).map(\.description).joined(separator: ", ")
      self.init(kernel: [equation.description, axes, types].joined(separator: "; "), registers: registers)
    }
  }

  package struct Choice: Hashable, Sendable {
    /// Outputs of a tile of Winograd's algorithm, 0 for a direct convolution.
    package var winograd: Int?
    package var schedule = ScheduleChoice()
    /// Microseconds of all calls of the kernel in one run, for people.
    package var times: Times?

    package init() {}
  }

  package struct Times: Hashable, Sendable {
    package var now: Double
    package var before: Double

    package init(now: Double, before: Double) { (self.now, self.before) = (now, before) }
  }

  /// Each says something.
  package var choices: [Key: Choice] = [:]

  package init() {}

  package var isEmpty: Bool { choices.isEmpty }

  /// What was measured for an equation's loops.
  func schedule(of equation: Equation, on registers: VectorRegisters) -> ScheduleChoice {
    // Printing every equation for nothing takes its time.
    if isEmpty { return ScheduleChoice() }
    return choices[Key(equation, on: registers)]?.schedule ?? ScheduleChoice()
  }

  /// Outputs of a tile of Winograd's algorithm, 0 for a direct convolution; nil where nothing was measured.
  func winograd(of equation: Equation) -> Int? {
    if isEmpty { return nil }
    return choices[Key(equation, on: nil)]?.winograd
  }
}

extension Tuning {
  /// One choice a line, in the order of the kernels' texts; `TokenCursor.tuning()` reads it back.
  package func write(to writer: inout TextWriter) {
    let sorted = choices.sorted { ($0.key.kernel, $0.key.place) < ($1.key.kernel, $1.key.place) }
    writer.block("tuning {") { writer in
      for (key, choice) in sorted {
        let registers = key.registers.map { " on \($0)" } ?? ""
        writer.line("\(choice.words.joined(separator: ", "))\(registers)\(choice.note): \(Attribute.string(key.kernel))")
      }
    }
  }

  package var text: String {
    var writer = TextWriter()
    write(to: &writer)
    return writer.text
  }
}

extension Tuning.Key {
  fileprivate var place: Int { registers.map { $0.lanes * 1000 + $0.count } ?? 0 }
}

extension Tuning.Choice {
  fileprivate var words: [String] {
    TuningWord.allCases.compactMap { word in self[word].map { "\(word.rawValue) \($0)" } }
  }

  /// ` (12.1 us, was 14.3 us)`
  fileprivate var note: String {
    times.map { " (\(Attribute.text(of: $0.now)) us, was \(Attribute.text(of: $0.before)) us)" } ?? ""
  }
}
