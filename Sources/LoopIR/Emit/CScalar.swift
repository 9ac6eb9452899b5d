extension CEmitter {
  /// The C expression of a scalar, one number at a time. `type` is what a bare literal becomes.
  func scalarValue(_ value: Scalar, _ type: ElementType) -> CText {
    switch value {
    case .constant(let number):
      let text = CLiteral.text(number, type)
      return CText(text, text.hasPrefix("-") ? .unary : .primary)
    case .index(let position):
      let text = index(position)
      let isConverted = type.isFloatingPoint || type == .u32 || type == .u64
      return isConverted ? CText("(\(type.localName))\(text.within(.unary))", .unary) : text
    case .read(let access):
      return scalarRead(access)
    case .unary(let function, let operand):
      return unary(function, scalarValue(operand, operand.elementType ?? type), operand.elementType ?? type)
    case .binary(let function, let a, let b):
      return binary(function, a, b, type)
    case .select(let condition, let a, let b):
      let test = scalarValue(condition, condition.elementType ?? .bool)
      let (yes, no) = (scalarValue(a, value.elementType ?? type), scalarValue(b, value.elementType ?? type))
      return CText("\(test.within(.or)) ? \(yes.within(.or)) : \(no.within(.conditional))", .conditional)
    case .cast(let target, let operand):
      return cast(operand, to: target)
    case .random(let words):
      return CText("\(need("philox"))(\(words.map(randomWord).joined(separator: ", ")))")
    case .local(let name, _):
      return CText(vectorLocals.contains(name) ? "\(name)[\(lane?.name ?? "0")]" : name)
    case .reduce:
      preconditionFailure("a reduction reached the emitter; LoopNest.naive turns all of them into loops")
    }
  }

  private func scalarRead(_ access: Access) -> CText {
    let stored = lvalue(access)
    let element = CText(access.tensor.element.halfConversions.map { "\(need($0.load))(\(stored))" } ?? stored)
    let outside = access.outside ?? (access.indices.contains(where: \.isDataDependent) ? 0 : nil)
    guard let outside, let condition = insideCondition(access) else { return element }
    let otherwise = CLiteral.text(outside, access.tensor.element)
    return CText("\(condition) ? \(element.text) : \(otherwise)", .conditional)
  }

  /// `inside(i + p - 1, 28) && inside(j + q - 1, 28)`; nil where every position is inside.
  func insideCondition(_ access: Access) -> String? {
    var conditions: [String] = []
    for (position, extent) in zip(access.indices, access.tensor.shape) {
      if let range = position.range, range.lowerBound >= 0, range.upperBound < extent { continue }
      conditions.append("\(need("inside"))(\(index(position).text), \(extent))")
    }
    return conditions.isEmpty ? nil : conditions.joined(separator: " && ")
  }

  private func unary(_ function: UnaryFunction, _ operand: CText, _ type: ElementType) -> CText {
    switch function {
    case .negate:
      if let helper = IntegerArithmetic.helper(.subtract, type) {
        return CText("\(need(helper))(0, \(operand.text))")
      }
      return CText("-\(operand.within(.primary))", .unary)
    case .not: return CText("!\(operand.within(.primary))", .unary)
    case .isNaN: return .infix(operand, "!=", operand, .equality)
    case .absolute where type.isSigned: return CText("\(need("absolute_\(type.rawValue)"))(\(operand.text))")
    case .absolute where !type.isFloatingPoint: return operand
    default: return CText("\(need(function.templateName, in: type))(\(operand.text))")
    }
  }

  private func binary(_ function: BinaryFunction, _ a: Scalar, _ b: Scalar, _ type: ElementType) -> CText {
    let operandType = a.elementType ?? b.elementType ?? (function.isComparisonOrLogic ? .i32 : type)
    // C compilers warn of comparisons that every number of the type decides alike.
    if !operandType.isFloatingPoint, !operandType.isSigned {
      if function == .less, b == 0 { return CText("0") }
      if function == .lessEqual, a == 0 { return CText("1") }
    }
    let (left, right) = (scalarValue(a, operandType), scalarValue(b, operandType))
    if let helper = IntegerArithmetic.helper(function, operandType) {
      return CText("\(need(helper))(\(left.text), \(right.text))")
    }
    if let (symbol, precedence) = function.infix {
      // C compilers want parentheses between operators on bits.
      let isOnBits = precedence == .bitAnd || precedence == .bitOr
      return isOnBits
        ? CText("\(left.within(.unary)) \(symbol) \(right.within(.unary))", precedence)
        : .infix(left, symbol, right, precedence)
    }
    guard function == .minimum || function == .maximum, operandType != .f32 else {
      let isDouble = operandType == .f64
      let name =
        function == .modulo
        ? need(isDouble ? "modulo_f64" : "modulo_f32") : need(function.templateName, in: operandType)
      return CText("\(name)(\(left.text), \(right.text))")
    }
    let test = CText.infix(right, function == .minimum ? "<" : ">", left, .relation)
    return CText("\(test.text) ? \(right.within(.or)) : \(left.within(.conditional))", .conditional)
  }

  private func cast(_ operand: Scalar, to target: ElementType) -> CText {
    let source = operand.elementType ?? target
    let value = scalarValue(operand, source)
    if source == target { return value }
    if target == .bool { return .infix(value, "!=", CText("0"), .equality) }
    if source.isFloatingPoint, target == .u64 { return CText("\(need("to_unsigned"))(\(value.text))") }
    if source.isFloatingPoint, !target.isFloatingPoint {
      // Conversion of what does not fit is undefined in C; the helper saturates.
      return CText("(\(target.cName))\(need("to_integer"))(\(value.text), \(bounds(target)))", .unary)
    }
    let converted = CText("(\(target.localName))\(value.within(.unary))", .unary)
    guard let (load, store) = target.halfConversions else { return converted }
    return CText("\(need(load))(\(need(store))(\(converted.text)))")
  }

  private func randomWord(_ word: Scalar) -> String {
    guard case .constant(let number) = word else { return cast(word, to: .u32).text }
    return "0x\(String(UInt32(truncatingIfNeeded: Int64(saturating: number)), radix: 16))u"
  }

  private func bounds(_ type: ElementType) -> String {
    switch type {
    case .i64: "INT64_MIN, INT64_MAX"
    default:
      {
        let range = type.integerBounds ?? 0...0
        return "\(CLiteral.text(range.lowerBound, .i64)), \(CLiteral.text(range.upperBound, .i64))"
      }()
    }
  }
}

extension UnaryFunction {
  /// The name of the function in generated code, without the suffix of its shape.
  var templateName: String {
    switch self {
    case .absolute: "abs"
    default: rawValue
    }
  }
}

extension BinaryFunction {
  var templateName: String {
    switch self {
    case .minimum: "min"
    case .maximum: "max"
    case .power: "pow"
    default: rawValue
    }
  }

  /// The C operator of the same meaning, where there is one.
  var infix: (symbol: String, CText.Precedence)? {
    switch self {
    case .add: ("+", .sum)
    case .subtract: ("-", .sum)
    case .multiply: ("*", .product)
    case .divide: ("/", .product)
    case .equal: ("==", .equality)
    case .notEqual: ("!=", .equality)
    case .less: ("<", .relation)
    case .lessEqual: ("<=", .relation)
    case .and: ("&&", .and)
    case .or: ("||", .or)
    case .bitAnd: ("&", .bitAnd)
    case .bitOr: ("|", .bitOr)
    case .bitXor: ("^", .bitOr)
    case .minimum, .maximum, .power, .modulo, .shiftLeft, .shiftRight: nil
    }
  }
}
