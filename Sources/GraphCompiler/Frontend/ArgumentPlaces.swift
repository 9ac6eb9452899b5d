import SourceText

/// Finds the parameter of each argument: unnamed arguments take parameters in order, named ones their own.
struct ArgumentPlaces {
  /// How messages call what is called: `block 'residual'`.
  var callee: String
  /// `residual(x, features)`.
  var signature: String
  var parameters: [String]
  /// Where the parameters are declared, if in a text.
  var notes: [Diagnostic.Note] = []

  /// For each parameter, which argument it gets; nil where none is given.
  func find(
    _ arguments: [(name: NameSyntax?, range: SourceRange)]
  ) throws(Elaborator.Failure) -> [Int?] {
    var places = [Int?](repeating: nil, count: parameters.count)
    var position = 0
    for (number, argument) in arguments.enumerated() {
      let place: Int
      if let name = argument.name {
        place = try parameter(name)
      } else {
        place = position
        position += 1
      }
      guard place < places.count else {
        throw .mistake(
          "too-many-arguments", "'\(signature)' takes no more arguments, found another", at: argument.range,
          notes: notes)
      }
      guard places[place] == nil else {
        throw .mistake(
          "duplicate-argument", "'\(parameters[place])' is given twice",
          at: argument.name?.range ?? argument.range, notes: notes)
      }
      places[place] = number
    }
    return places
  }

  private func parameter(_ name: NameSyntax) throws(Elaborator.Failure) -> Int {
    if let found = parameters.firstIndex(of: name.text) { return found }
    throw .mistake(
      "unknown-argument", "\(callee) has no parameter '\(name.text.clipped(to: 60))'", at: name.range,
      notes: notes, help: didYouMean(name.text, among: parameters))
  }
}
