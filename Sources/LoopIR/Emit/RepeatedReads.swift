extension Loop {
  /// True where locals collect what iterations find, and an iteration reads what others read too, as windows that
  /// overlap do:
  ///
  ///     for q { s0 = s0 + x[j+q] * w[q]; s1 = s1 + x[j+q+1] * w[q] }
  ///
  /// A compiler that writes all iterations out keeps such numbers in registers, and the sums in memory. With AVX2, the
  /// 5x5 convolutions of LeNet-5 took twice as long.
  var repeatsReads: Bool {
    var values: [Scalar] = []
    var isCollecting = false
    for statement in body {
      if case .declare(_, _, let value) = statement { values.append(value) }
      guard case .assign(_, _, let value) = statement else { continue }
      values.append(value)
      isCollecting = true
    }
    if !isCollecting { return false }
    var iterations: [Walk: [Int]] = [:]
    for access in values.flatMap(\.reads) {
      if let (walk, iteration) = Walk.of(access, along: axis) { iterations[walk, default: []].append(iteration) }
    }
    return iterations.values.contains { numbers in
      let sorted = numbers.sorted()
      return zip(sorted, sorted.dropFirst()).contains { $0 < $1 && $1 - $0 < axis.extent }
    }
  }
}

/// What accesses have in common that are at the same place in different iterations of a loop.
private struct Walk: Hashable {
  var tensor: Tensor
  var terms: [[LinearForm.Term]]
  /// Constants of the positions in that iteration that has the first one that moves nearest above 0.
  var constants: [Int]

  /// The walk of an access, and the iteration that is at its place in the first one; nil where it stays in its place.
  static func of(_ access: Access, along axis: Axis) -> (walk: Walk, iteration: Int)? {
    let forms = access.indices.map { LinearForm($0) }
    let strides = forms.map { $0.factor(of: axis) }
    guard let moving = strides.firstIndex(where: { $0 != 0 }) else { return nil }
    let (constant, stride) = (forms[moving].constant, strides[moving])
    let rest = constant % stride
    let iteration = (constant - (rest < 0 ? rest + abs(stride) : rest)) / stride
    let constants = zip(forms, strides).map { $0.constant &- iteration &* $1 }
    return (Walk(tensor: access.tensor, terms: forms.map(\.terms), constants: constants), iteration)
  }
}
