import LoopIR
import SourceText

/// Types, constants and parameters: what the text says about tensors without computing them.
extension Elaborator {
  func tensorType(_ syntax: TypeSyntax) throws(Failure) -> TensorType {
    var shape: [Int] = []
    for extent in syntax.extents {
      let value = try constant(extent)
      guard let number = CompileTime.integer(value) else {
        throw .mistake("type-mismatch", "expected an integer extent, found \(value)", at: extent.range)
      }
      guard number >= 0 else {
        throw .mistake(
          "invalid-extent", "expected an extent of at least 0, found \(number)", at: extent.range)
      }
      shape.append(number)
    }
    let type = TensorType(syntax.element, shape)
    guard type.isRepresentable else {
      throw .mistake(
        "tensor-too-large", "\(type) is too large: a tensor has at most \(TensorType.byteLimit) bytes",
        at: syntax.range)
    }
    return type
  }

  func elaborateConstant(
    _ name: NameSyntax, _ type: TypeSyntax?, _ expression: ExpressionSyntax
  ) throws(Failure) {
    try checkDefinable(name)
    let data: TensorData
    if let type {
      let type = try tensorType(type)
      if let blob = try blob(expression, type) {
        data = blob
      } else {
        data = try Self.literal(constant(expression), type, expression.range)
      }
    } else {
      data = try Self.literal(constant(expression), nil, expression.range)
    }
    builder.range = name.range
    bind(name, to: .tensor(builder.constant(data, name: fullName(name.text))))
  }

  func elaborateParameter(
    _ name: NameSyntax, _ type: TypeSyntax, _ expression: ExpressionSyntax?, _ range: SourceRange
  ) throws(Failure) {
    try checkDefinable(name)
    let type = try tensorType(type)
    var source = ParameterSource.initializer(type.rank >= 2 ? .heNormal : .zeros)
    if let expression { source = try parameterSource(expression, type) }
    builder.range = name.range
    bind(name, to: .tensor(builder.parameter(fullName(name.text), type, source)))
  }

  private func parameterSource(
    _ expression: ExpressionSyntax, _ type: TensorType
  ) throws(Failure) -> ParameterSource {
    if let data = try blob(expression, type) { return .data(data) }
    if case .call(let call) = expression.kind, !CompileTime.functions.contains(call.name.text) {
      return .initializer(try initializer(call))
    }
    let value = try constant(expression)
    if case .list = value { return .data(try Self.literal(value, type, expression.range)) }
    if type.rank == 0 { return .data(try Self.literal(value, type, expression.range)) }
    guard !value.holdsNaN, let number = try? CompileTime.number(value) else {
      throw .mistake(
        "type-mismatch", "expected an initializer or numbers, found \(value.holdsNaN ? "nan" : value.kind)",
        at: expression.range)
    }
    return .initializer(.constant(number))
  }

  private func initializer(_ call: CallSyntax) throws(Failure) -> Initializer {
    guard let form = Initializer.forms.first(where: { $0.name == call.name.text }) else {
      let names = Initializer.forms.map(\.name)
      throw .mistake(
        "unknown-initializer", "unknown initializer '\(call.name.text.clipped(to: 60))'", at: call.name.range,
        help: didYouMean(call.name.text, among: names) ?? "known are \(names.joined(separator: ", "))")
    }
    let signature = "\(form.name)(\(form.arguments.joined(separator: ", ")))"
    let places = ArgumentPlaces(callee: "'\(form.name)'", signature: signature, parameters: form.arguments)
    let given = try places.find(call.arguments.map { ($0.name, $0.range) }).compactMap { $0 }
    guard given.count == form.arguments.count else {
      let found = given.count == 1 ? "one number" : "\(given.count) numbers"
      throw .mistake(
        "missing-argument", "expected '\(signature)', found \(found)", at: call.range)
    }
    var numbers: [Double] = []
    for place in given { numbers.append(try number(call.arguments[place].value)) }
    return form.make(numbers)
  }

  /// A compile-time number that equals itself.
  private func number(_ expression: ExpressionSyntax) throws(Failure) -> Double {
    let value = try constant(expression)
    if value.holdsNaN {
      throw .mistake("type-mismatch", "expected a number, found nan", at: expression.range)
    }
    return try Self.computed(at: expression.range) { () throws(CompileTime.Mistake) in
      try CompileTime.number(value)
    }
  }

  /// `data("…")`: the tensor that the caller gave under that name, or that the weights file has.
  private func blob(_ expression: ExpressionSyntax, _ type: TensorType) throws(Failure) -> TensorData? {
    guard case .call(let call) = expression.kind, call.name.text == "data" else { return nil }
    guard call.arguments.count == 1, case .literal(.string(let key)) = call.arguments[0].value.kind,
      let data = try elements(key, type, call.range)
    else {
      throw .mistake(
        "unknown-data", "the elements behind \(expression.range.text.clipped(to: 60)) are not in the text",
        at: call.range,
        help: "use 'weights \"file.safetensors\"'")
    }
    guard data.type == type else {
      throw .mistake("type-mismatch", "expected data of type \(type), found \(data.type)", at: call.range)
    }
    return data
  }

  static func literal(_ value: Attribute, _ type: TensorType?, _ range: SourceRange) throws(Failure)
    -> TensorData
  {
    do throws(Literals.Mistake) {
      if let type { return try Literals.data(value, type) }
      return try Literals.data(value, Literals.naturalType(value))
    } catch {
      throw .mistake("type-mismatch", error.message, at: range)
    }
  }

  /// Runs compile-time arithmetic; what is wrong with it is blamed on `range`.
  static func computed<Result>(
    at range: SourceRange, _ body: () throws(CompileTime.Mistake) -> Result
  ) throws(Failure) -> Result {
    do throws(CompileTime.Mistake) {
      return try body()
    } catch {
      throw .mistake(error.id, error.message, at: range)
    }
  }
}
