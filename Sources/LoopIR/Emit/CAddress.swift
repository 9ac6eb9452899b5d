/// Where elements lie, as C expressions.
extension CEmitter {
  func offset(_ access: Access) -> LinearForm {
    kernel.layout(of: access.tensor).offsetForm(of: access.indices, shape: access.tensor.shape)
  }

  /// `x[c * 784 + i * 28 + j]`, or `x_at[28]` where the address is shared.
  func lvalue(_ access: Access, ahead: Index = .constant(0)) -> String {
    lvalue(access.tensor, at: LinearForm(offset(access).index + ahead))
  }

  func lvalue(_ tensor: Tensor, at offset: LinearForm) -> String {
    if let pointer = pointers[AddressKey(tensor: tensor.name, terms: offset.terms)] {
      return "\(pointer.name)[\(offset.constant - pointer.constant)]"
    }
    return "\(tensor.name)[\(index(offset.index).text)]"
  }

  /// Where the first lane reads or writes.
  private func start(of access: Access) -> LinearForm {
    let offset = offset(access)
    guard let lane else { return offset }
    if offset.isLinear(in: lane) { return offset.starting(lane) }
    return self.offset(Access(access.tensor, access.indices.map { $0.substituting([lane: .constant(0)]) }))
  }

  /// An access that a condition keeps inside its tensor; an address in a margin needs none.
  private func isGuarded(_ access: Access) -> Bool {
    access.outside != nil && insideCondition(access) != nil
  }

  /// Pointers for addresses that two or more statements of the block share up to a constant: to the first element in
  /// memory of those, because C allows no pointer beside its object.
  func declarePointers(_ statements: [Statement]) {
    var uses: [AddressKey: Int] = [:]
    var order: [AddressKey] = []
    var first: [AddressKey: (tensor: Tensor, offset: LinearForm)] = [:]
    for access in statements.flatMap(\.straightAccesses) where !isGuarded(access) {
      let offset = start(of: access)
      if offset.terms.isEmpty || offset.terms.contains(where: \.atom.isDataDependent) { continue }
      let key = AddressKey(tensor: access.tensor.name, terms: offset.terms)
      if uses[key] == nil { order.append(key) }
      uses[key, default: 0] += 1
      if offset.constant < first[key]?.offset.constant ?? .max { first[key] = (access.tensor, offset) }
    }
    for key in order where uses[key, default: 0] > 1 && pointers[key] == nil {
      if let (tensor, offset) = first[key] { pointers[key] = pointer(to: tensor, at: offset) }
    }
  }

  private func pointer(to tensor: Tensor, at offset: LinearForm) -> Pointer {
    let name = temporary("\(tensor.name)_at")
    let isRead = kernel.parameters.contains { $0.tensor == tensor && $0.role == .read }
    let qualifier = isRead ? "const " : ""
    output("\(qualifier)\(tensor.element.cName) *\(name) = \(tensor.name) + \(index(offset.index).within(.sum));")
    return Pointer(name: name, constant: offset.constant)
  }
}

extension LinearForm {
  /// True where the axis occurs as a term alone.
  func isLinear(in axis: Axis) -> Bool {
    terms.allSatisfy { $0.atom == .axis(axis) || !$0.atom.mentions(axis) }
  }

  /// Where the axis is 0.
  func starting(_ axis: Axis) -> LinearForm {
    var form = self
    form.terms.removeAll { $0.atom == .axis(axis) }
    return form
  }
}

extension Statement {
  /// Accesses of the statement itself, not of those inside it.
  fileprivate var straightAccesses: [Access] {
    switch self {
    case .loop, .conditional, .prefetch: []
    case .declare(_, _, let value), .assign(_, _, let value): value.reads
    case .store(let target, let value): value.reads + [target]
    }
  }
}
