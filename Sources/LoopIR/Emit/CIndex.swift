extension CEmitter {
  /// A position as a C expression of type int.
  func index(_ index: Index) -> CText {
    switch index {
    case .constant(let value):
      return CText(String(value), value < 0 ? .unary : .primary)
    case .axis(let axis):
      return CText(axis.name)
    case .sum, .product:
      return sum(LinearForm(index), index)
    case .quotient(let value, let divisor):
      if let range = value.range, range.lowerBound >= 0 {
        return .infix(self.index(value), "/", CText(String(divisor)), .product)
      }
      return CText("\(need("floor_quotient"))(\(self.index(value).text), \(divisor))")
    case .remainder(let value, let divisor):
      if let range = value.range, range.lowerBound >= 0 {
        return .infix(self.index(value), "%", CText(String(divisor)), .product)
      }
      return CText("\(need("floor_remainder"))(\(self.index(value).text), \(divisor))")
    case .minimum(let a, let b):
      return CText("\(need("min_index"))(\(self.index(a).text), \(self.index(b).text))")
    case .maximum(let a, let b):
      return CText("\(need("max_index"))(\(self.index(a).text), \(self.index(b).text))")
    case .value(let scalar):
      return dataIndex(scalar)
    }
  }

  private func sum(_ form: LinearForm, _ original: Index) -> CText {
    if case .product(let a, let b) = original, form.terms.count == 1, form.terms[0].atom == original {
      return .infix(index(a), "*", index(b), .product)
    }
    var result: CText?
    for term in form.terms {
      let magnitude = product(term.atom, abs(term.factor))
      if let sum = result {
        result = .infix(sum, term.factor < 0 ? "-" : "+", magnitude, .sum)
      } else {
        result = term.factor < 0 ? CText("-" + magnitude.within(.unary), .unary) : magnitude
      }
    }
    guard let sum = result else { return CText(String(form.constant)) }
    if form.constant == 0 { return sum }
    return .infix(sum, form.constant < 0 ? "-" : "+", CText(String(abs(form.constant))), .sum)
  }

  private func product(_ atom: Index, _ factor: Int) -> CText {
    factor == 1 ? index(atom) : .infix(index(atom), "*", CText(String(factor)), .product)
  }

  /// A number of the data as a position.
  private func dataIndex(_ scalar: Scalar) -> CText {
    let type = scalar.elementType ?? .i64
    let value = scalarValue(scalar, type)
    let fits = !type.isFloatingPoint && (type.byteCount < 4 || type == .i32)
    return fits ? CText("(int)\(value.within(.unary))", .unary) : CText("\(need("to_index"))(\(value.text))")
  }
}
