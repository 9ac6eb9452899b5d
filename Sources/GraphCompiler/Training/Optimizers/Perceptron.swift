/// The perceptron rule (Rosenblatt 1958): every mistake moves the weights toward its correction, by an amount that does not
/// depend on how large it was. Together with `perceptron_loss`, this is `w += rate * t * x` for every sample on the wrong
/// side; where a plane divides the classes, one without mistakes is found after finitely many steps (Novikoff 1962).
struct Perceptron: Optimizer {
  static let name = "perceptron"
  static let summary = "p -= rate g, until no sample is on the wrong side (Rosenblatt 1958)"
  static let arguments = [rateArgument(default: 1)]

  let rate: Double

  init(_ values: TrainArguments) throws(OpError) { rate = values.number("rate") }

  var stateNames: [String] { [] }

  var endsWithoutErrors: Bool { true }

  func update(
    _ b: inout GraphBuilder, parameter: Value, gradient: Value, state: [Value], rate: Value, step: Value
  ) throws(OpError) -> (parameter: Value, state: [Value]) {
    (try b.descended(parameter, gradient, rate: rate), [])
  }
}
