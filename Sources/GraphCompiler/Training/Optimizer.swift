import SourceText

/// What `with sgd(rate: 0.01, momentum: 0.9)` means: how one step changes a parameter, given its gradient.
package protocol Optimizer: Sendable {
  static var name: String { get }
  /// One line: the formula, where it comes from.
  static var summary: String { get }
  static var arguments: [TrainArgument] { get }

  /// Throws where arguments contradict each other.
  init(_ values: TrainArguments) throws(OpError)

  /// The learning rate at the beginning.
  var rate: Double { get }
  /// Tensors that each parameter carries from step to step, of its type and zero at first: `["velocity"]`.
  var stateNames: [String] { get }
  /// True for rules that correct errors and have nothing left to do without any: training is over with the first
  /// epoch of loss 0, and fails where there is none.
  var endsWithoutErrors: Bool { get }

  /// Appends the update of one parameter.
  /// - Parameters:
  ///   - gradient: of the parameter's type.
  ///   - state: one tensor for each of `stateNames`.
  ///   - rate: the learning rate of this step, `f32[]`.
  ///   - step: the number of this step, from 1, `f32[]`.
  func update(
    _ b: inout GraphBuilder, parameter: Value, gradient: Value, state: [Value], rate: Value, step: Value
  ) throws(OpError) -> (parameter: Value, state: [Value])
}

extension Optimizer {
  package var endsWithoutErrors: Bool { false }

  /// The argument that all optimizers begin with.
  static func rateArgument(default rate: Double) -> TrainArgument {
    TrainArgument("rate", .positive, default: .float(rate), "the learning rate")
  }

  static var weightDecayArgument: TrainArgument {
    TrainArgument(
      "weight_decay", .nonNegative, default: .float(0), "share of the parameter added to its gradient")
  }

  static func epsilonArgument(default epsilon: Double) -> TrainArgument {
    TrainArgument("epsilon", .positive, default: .float(epsilon), "added to the divisor")
  }
}

/// All optimizers, in alphabetical order.
package enum OptimizerTable {
  package static let all: [any Optimizer.Type] = [
    Adagrad.self, Adam.self, AdamW.self, Perceptron.self, RMSProp.self, SGD.self,
  ]

  package static func find(_ name: String) -> (any Optimizer.Type)? { all.first { $0.name == name } }

  /// The optimizer that a `with` names.
  static func optimizer(_ directive: TrainDirective) throws(CompileError) -> any Optimizer {
    let calls = all.map { TrainCall(name: $0.name, arguments: $0.arguments) }
    let (place, values) = try directive.resolved(among: calls, noun: "optimizer")
    do throws(OpError) {
      return try all[place].init(values)
    } catch {
      throw CompileError(
        "invalid-argument", error.message, at: directive.place(of: error, in: calls[place].arguments),
        help: error.help)
    }
  }
}

extension TrainSection {
  /// The optimizer of `with`; without one, `sgd` with its defaults.
  package func optimizer() throws(CompileError) -> any Optimizer {
    let with = TrainDirective(kind: .with, names: [SGD.name], arguments: [])
    return try OptimizerTable.optimizer(directive(.with) ?? with)
  }

  /// What `clip` does to the gradients before the update; nil without one.
  package func clipping() throws(CompileError) -> GradientClipping? {
    guard let clip = directive(.clip) else { return nil }
    return try GradientClipping(clip)
  }

  /// Whether `freeze` keeps a parameter as it is.
  package func isFrozen(_ parameter: String) -> Bool {
    directives.contains { directive in
      directive.kind == .freeze && directive.names.contains { TrainDirective.freezes($0, parameter) }
    }
  }

  func directive(_ kind: TrainDirective.Kind) -> TrainDirective? { directives.first { $0.kind == kind } }
}
