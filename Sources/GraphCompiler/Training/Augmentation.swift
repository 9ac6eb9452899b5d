import LoopIR
import SourceText

/// What the `augment` directives of a train section say about the first input of the network: how its numbers are scaled,
/// and how images vary from epoch to epoch.
package struct Augmentation: Hashable, Sendable {
  /// Half of the training images are mirrored, left to right.
  package private(set) var flips = false
  /// Training images are moved by up to so many pixels each way; zeros move in. 0: not at all.
  package private(set) var cropPadding = 0
  /// By which all numbers are divided; nil where the section does not say.
  package private(set) var divisor: Double?
  /// After division `mean` is subtracted and the rest divided by `deviation`: a number for each channel, or one for all;
  /// empty where the section does not say.
  package private(set) var mean: [Double] = []
  package private(set) var deviation: [Double] = []

  /// What `augment` can be followed by, and the arguments that it takes. All must be given.
  private struct Form: Sendable {
    var name: String
    var fields: [Field<Augmentation>] = []
    /// What is wrong with the arguments, or with an input of this type; nil where they fit.
    var mistake: @Sendable (Augmentation, TensorType) -> String?
  }

  private static let forms = [
    Form(name: "flip") { $1.rank == 4 ? nil : "'flip' wants images [N, C, H, W]" },
    Form(name: "crop", fields: [.field("pad", \.cropPadding, "pixels on each side")]) { $0.cropMistake($1) },
    Form(
      name: "normalize",
      fields: [
        .field("mean", \.mean, "what is subtracted, for each channel"),
        .field("std", \.deviation, "what the rest is divided by, for each channel"),
      ]
    ) { $0.normalizationMistake($1) },
    Form(name: "scale", fields: [.field("by", \.division, "255 for pixels")]) { $0.scaleMistake($1) },
  ]

  private var division: Double {
    get { divisor ?? 1 }
    set { divisor = newValue }
  }

  /// Nothing varies.
  package init() {}

  /// - Throws: every directive that is unknown, wrongly written, or does not fit the first input.
  package init(_ graph: Graph) throws(CompileError) {
    var mistakes: [Diagnostic] = []
    var seen: Set<String> = []
    for directive in graph.train?.directives ?? [] where directive.kind == .augment {
      let name = directive.names.first ?? ""
      do throws(CompileError) {
        guard let form = Self.forms.first(where: { $0.name == name }) else { throw Self.unknown(directive) }
        guard seen.insert(name).inserted else {
          throw CompileError(
            "duplicate-statement", "expected one 'augment \(name)', found another", at: directive.range)
        }
        try bind(directive, form)
        try check(form, directive, graph.inputs.first.map { graph[$0] })
      } catch {
        mistakes += error.diagnostics
      }
    }
    if let error = CompileError(mistakes) { throw error }
  }

  private static func unknown(_ directive: TrainDirective) -> CompileError {
    let names = forms.map(\.name)
    let name = directive.names.first ?? ""
    return CompileError(
      "unknown-augmentation", "unknown augmentation '\(name.clipped(to: 60))'", at: directive.range,
      help: didYouMean(name, among: names) ?? "there are \(names.joined(separator: ", "))")
  }
}

// MARK: Arguments

extension Augmentation {
  private mutating func bind(_ directive: TrainDirective, _ form: Form) throws(CompileError) {
    var given = [Bool](repeating: false, count: form.fields.count)
    var position = 0
    for argument in directive.arguments {
      let place = try Self.place(argument, &position, form, directive.range)
      let field = form.fields[place]
      guard !given[place] else {
        throw CompileError("duplicate-argument", "'\(field.name)' is given twice", at: directive.range)
      }
      given[place] = true
      do throws(AttributeError) {
        try field.set(&self, argument.value)
      } catch {
        throw CompileError(
          "type-mismatch",
          "expected \(error.expectation) for '\(field.name)', found \(argument.value.kind)",
          at: directive.range)
      }
    }
    if let missing = given.firstIndex(of: false) {
      let field = form.fields[missing]
      throw CompileError(
        "missing-argument", "'augment \(form.name)' wants '\(field.name)': \(field.summary)",
        at: directive.range)
    }
  }

  /// The field that an argument is for.
  private static func place(
    _ argument: TrainDirective.Argument, _ position: inout Int, _ form: Form, _ range: SourceRange
  ) throws(CompileError) -> Int {
    let names = form.fields.map(\.name)
    if let name = argument.name {
      if let place = names.firstIndex(of: name) { return place }
      throw CompileError(
        "unknown-argument", "'augment \(form.name)' has no parameter '\(name.clipped(to: 60))'", at: range,
        help: didYouMean(name, among: names))
    }
    defer { position += 1 }
    if position < names.count { return position }
    let signature = "\(form.name)(\(names.joined(separator: ", ")))"
    throw CompileError(
      "too-many-arguments", "'\(signature)' takes no more arguments, found another", at: range)
  }

  // MARK: Values

  private func check(_ form: Form, _ directive: TrainDirective, _ input: ValueInfo?) throws(CompileError) {
    guard let input else {
      throw CompileError("augmentation", "'augment' wants an input, the graph has none", at: directive.range)
    }
    if let mistake = form.mistake(self, input.type) {
      throw CompileError(
        "augmentation", mistake, at: directive.range,
        notes: [.init("input '\(input.name)' is \(input.type)", at: input.range)])
    }
  }

  private func cropMistake(_ type: TensorType) -> String? {
    guard type.rank == 4 else { return "'crop' wants images [N, C, H, W]" }
    let limit = max(1, min(type.shape[2], type.shape[3]))
    return (1...limit).contains(cropPadding) ? nil : "'pad' must lie in 1...\(limit), found \(cropPadding)"
  }

  private func scaleMistake(_ type: TensorType) -> String? {
    guard type.element.isFloatingPoint else { return "'scale' wants a floating point input" }
    if division.isFinite, division != 0 { return nil }
    return "expected a finite number other than 0, found \(division)"
  }

  private func normalizationMistake(_ type: TensorType) -> String? {
    guard type.element.isFloatingPoint else { return "'normalize' wants a floating point input" }
    let channels = type.rank >= 2 ? type.shape[1] : 1
    for (name, numbers) in [("mean", mean), ("std", deviation)] {
      guard numbers.count == 1 || numbers.count == channels else {
        return "expected 1 or \(channels) numbers for '\(name)', found \(numbers.count)"
      }
      guard numbers.allSatisfy(\.isFinite) else { return "'\(name)' has a number that is not finite" }
    }
    return deviation.contains(0) ? "'std' must not be 0" : nil
  }
}
