import SourceText

/// One of the things that a directive of a train section may call, such as the optimizer `sgd`.
struct TrainCall {
  var name: String
  var arguments: [TrainArgument]

  /// `sgd(rate, momentum, …)`.
  var signature: String { "\(name)(\(arguments.map(\.name).joined(separator: ", ")))" }
}

extension TrainDirective {
  /// Finds what is called among the candidates and checks the arguments: unnamed ones take their places in order.
  /// - Parameter noun: what the candidates are, for messages: `optimizer`.
  func resolved(among candidates: [TrainCall], noun: String) throws(CompileError) -> (
    place: Int, TrainArguments
  ) {
    let called = names.first ?? ""
    guard let place = candidates.firstIndex(where: { $0.name == called }) else {
      let known = candidates.map(\.name)
      throw CompileError(
        "unknown-name", "no \(noun) is called '\(called.clipped(to: 60))'", at: nameRange,
        help: didYouMean(called, among: known)
          ?? "known are \(known.map { "'\($0)'" }.joined(separator: ", "))")
    }
    return (place, try values(for: candidates[place]))
  }

  private func values(for call: TrainCall) throws(CompileError) -> TrainArguments {
    var given: [String: Attribute] = [:]
    var position = 0
    for argument in arguments {
      let declared: TrainArgument
      if let name = argument.name {
        declared = try self.declared(name, of: call, at: argument)
      } else {
        guard position < call.arguments.count else {
          throw CompileError(
            "too-many-arguments", "'\(call.signature)' takes no more arguments, found another",
            at: argument.range)
        }
        declared = call.arguments[position]
        position += 1
      }
      guard declared.domain.contains(argument.value) else {
        throw CompileError(
          "invalid-argument",
          "expected \(declared.domain.expectation) for '\(declared.name)', found \(argument.value)",
          at: argument.range)
      }
      guard given.updateValue(argument.value, forKey: declared.name) == nil else {
        throw CompileError("duplicate-argument", "'\(declared.name)' is given twice", at: argument.nameRange)
      }
    }
    for argument in call.arguments where given[argument.name] == nil {
      given[argument.name] = argument.defaultValue
    }
    try requireAll(of: call, given)
    return TrainArguments(given)
  }

  private func declared(
    _ name: String, of call: TrainCall, at argument: Argument
  ) throws(CompileError) -> TrainArgument {
    if let found = call.arguments.first(where: { $0.name == name }) { return found }
    throw CompileError(
      "unknown-argument", "'\(call.name)' has no argument '\(name.clipped(to: 60))'", at: argument.nameRange,
      help: didYouMean(name, among: call.arguments.map(\.name)) ?? "it is '\(call.signature)'")
  }

  private func requireAll(of call: TrainCall, _ given: [String: Attribute]) throws(CompileError) {
    guard let missing = call.arguments.first(where: { given[$0.name] == nil }) else { return }
    throw CompileError(
      "missing-argument", "'\(call.name)' needs '\(missing.name)': \(missing.summary)", at: range)
  }

  /// Where an argument stands; the whole directive where it is not given.
  func place(of error: OpError, in arguments: [TrainArgument]) -> SourceRange {
    guard case .field(let name) = error.place else { return range }
    if let named = self.arguments.first(where: { $0.name == name }) { return named.range }
    let unnamed = self.arguments.filter { $0.name == nil }
    guard let place = arguments.firstIndex(where: { $0.name == name }), unnamed.indices.contains(place) else {
      return range
    }
    return unnamed[place].range
  }
}

extension TrainDirective {
  /// What `accumulate batches(4)` says: how many batches make one update.
  fileprivate func accumulation() throws(CompileError) -> Int {
    let count = TrainArgument("count", .count(atLeast: 1), "batches whose gradients make one update")
    let (_, values) = try resolved(among: [TrainCall(name: "batches", arguments: [count])], noun: "accumulation")
    return values.count("count")
  }
}

extension TrainSection {
  /// How many batches make one update; 1 where the section does not say.
  package func accumulation() throws(CompileError) -> Int {
    guard let accumulate = directives.first(where: { $0.kind == .accumulate }) else { return 1 }
    return try accumulate.accumulation()
  }
}

extension TrainDirective {
  /// Everything about the directive that can be checked by itself.
  package func check() throws(CompileError) {
    switch kind {
    case .with: _ = try OptimizerTable.optimizer(self)
    case .schedule: _ = try LearningRateSchedule(self, rate: 1)
    case .clip: _ = try GradientClipping(self)
    case .augment: try Augmentation.check(self)
    case .accumulate: _ = try accumulation()
    case .freeze: break
    }
  }
}
