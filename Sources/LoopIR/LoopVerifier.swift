/// Checks kernels and equations between passes. What it finds is a bug of whoever made them. The contract:
///
/// - Tensors: the parameters of a kernel have names of their own, and every tensor that is read or written is
///   one of them, with that type and shape. Only parameters for writing are written. A layout places every
///   dimension once.
/// - Axes: an index mentions axes that loops, reductions or the result around it bind, each name with one
///   extent. A result has one axis for each dimension. Bodies have loops instead of reductions.
/// - Locals: a local is declared before its uses, in the same block or one around it, has one type, and no
///   other local or axis in sight has its name.
/// - Accesses: there is one index for each dimension. Affine indices stay inside the tensor (in a body:
///   inside the memory that its layout gives it) unless the access has a value for the outside, or stands
///   under a condition. Prefetches look ahead by sums of axes, the same for all lanes, and never back.
/// - Types: operands of arithmetic and comparisons, both branches of a selection, and a value and what it is
///   stored in have one element type; literals and positions go with any.
package struct LoopVerifier {
  private let parameters: [Kernel.Parameter]?
  private let subject: String
  private var violations: [String] = []

  private init(_ subject: String, parameters: [Kernel.Parameter]?) {
    self.subject = subject
    self.parameters = parameters
  }

  /// Every violation of the contract, with the name of the kernel; none for a sound one.
  package static func violations(of kernel: Kernel) -> [String] {
    var verifier = LoopVerifier("kernel '\(kernel.name)'", parameters: kernel.parameters)
    for parameter in kernel.parameters { verifier.check(parameter) }
    for equation in kernel.equations { verifier.check(equation) }
    var names = Names()
    verifier.check(kernel.body, &names)
    return verifier.violations
  }

  /// The violations of an equation by itself; its tensors may be any.
  package static func violations(of equation: Equation) -> [String] {
    var verifier = LoopVerifier("the equation of '\(equation.result.name)'", parameters: nil)
    verifier.check(equation)
    return verifier.violations
  }

  private mutating func report(_ violation: String) { violations.append("\(subject): \(violation)") }

  /// What is bound at one place.
  private struct Names {
    var axes: [String: Int] = [:]
    var locals: [String: ElementType] = [:]
    /// The axis of the vectors around the place.
    var lane: Axis?
    /// True inside the body of a kernel, where reductions have become loops and layouts count.
    var isBody = true
    /// True where a condition decides whether the place is reached.
    var isGuarded = false
  }

  // MARK: Parameters and equations

  private mutating func check(_ parameter: Kernel.Parameter) {
    let (tensor, layout) = (parameter.tensor, parameter.layout)
    if let parameters, parameters.count(where: { $0.tensor.name == tensor.name }) > 1 {
      report("two parameters are called '\(tensor.name)'")
    }
    if tensor.shape.contains(where: { $0 < 0 }) { report("'\(tensor)' has a negative extent") }
    if !layout.isSound(rank: tensor.rank) { report("layout \(layout) does not fit '\(tensor)'") }
  }

  private mutating func check(_ equation: Equation) {
    var names = Names()
    names.isBody = false
    checkTensor(equation.result, isWritten: true)
    for axis in equation.axes { bind(axis, &names) }
    if let scatter = equation.scatter {
      checkIndices(Access(equation.result, scatter.target, outside: 0), names)
      var initialNames = Names()
      initialNames.isBody = false
      for axis in Equation.axes(of: equation.result) { bind(axis, &initialNames) }
      check(scatter.initial, initialNames)
      checkTypes(
        scatter.initial.elementType, equation.result.element, "the start of '\(equation.result.name)'")
    } else if Set(equation.axes.map(\.name)).count < equation.axes.count {
      report("two axes of '\(equation.result)' have one name")
    } else if equation.axes.map(\.extent) != equation.result.shape {
      report("axes \(equation.axes.map(\.extent)) do not span '\(equation.result)'")
    }
    check(equation.value, names)
    checkTypes(equation.value.elementType, equation.result.element, "the value of '\(equation.result.name)'")
  }

  // MARK: Statements

  private mutating func check(_ statements: [Statement], _ names: inout Names) {
    for statement in statements { check(statement, &names) }
  }

  private mutating func check(_ statement: Statement, _ names: inout Names) {
    switch statement {
    case .loop(let loop):
      var inner = names
      bind(loop.axis, &inner)
      if loop.kind == .vector { inner.lane = loop.axis }
      check(loop.body, &inner)
    case .declare(let name, let type, let value):
      check(value, names)
      checkTypes(value.elementType, type, "'\(name)'")
      if names.locals[name] != nil || names.axes[name] != nil { report("local '\(name)' hides another name") }
      names.locals[name] = type
    case .assign(let name, let type, let value):
      check(.local(name, type), names)
      check(value, names)
      checkTypes(value.elementType, type, "'\(name)'")
    case .store(let target, let value):
      checkTensor(target.tensor, isWritten: true)
      checkIndices(target, names)
      check(value, names)
      checkTypes(value.elementType, target.tensor.element, "'\(target.tensor.name)'")
    case .conditional(let condition, let body):
      check(condition, names)
      var inner = names
      inner.isGuarded = true
      check(body, &inner)
    case .prefetch(let place, let ahead):
      checkTensor(place.tensor, isWritten: false)
      checkIndices(place, names)
      checkDistance(ahead, of: place.tensor, names)
    }
  }

  private mutating func checkDistance(_ ahead: Index, of tensor: Tensor, _ names: Names) {
    let before = violations.count
    check(ahead, names)
    if violations.count > before { return }
    let prefetch = "a prefetch of '\(tensor.name)'"
    if let lane = names.lane, ahead.mentions(lane) { report("\(prefetch) looks ahead by the lane '\(lane.name)'") }
    guard let range = ahead.range else { return report("\(prefetch) looks ahead by '\(ahead)', no sum of axes") }
    if range.lowerBound < 0 { report("\(prefetch) looks \(-range.lowerBound) elements back") }
  }

  private mutating func bind(_ axis: Axis, _ names: inout Names) {
    if axis.extent < 0 { report("axis '\(axis.name)' has extent \(axis.extent)") }
    if let extent = names.axes[axis.name], extent != axis.extent || names.isBody {
      report("axis '\(axis.name)' is bound inside a loop of the same name")
    }
    names.axes[axis.name] = axis.extent
  }

  // MARK: Expressions

  private mutating func check(_ scalar: Scalar, _ names: Names) {
    switch scalar {
    case .constant: break
    case .index(let index): check(index, names)
    case .read(let access):
      checkTensor(access.tensor, isWritten: false)
      checkIndices(access, names)
    case .unary(_, let a), .cast(_, let a): check(a, names)
    case .binary(let function, let a, let b):
      check(a, names)
      check(b, names)
      if function != .and, function != .or {
        checkTypes(a.elementType, b.elementType, "'\(function.spelling)'")
      }
    case .select(let condition, let a, let b):
      check(condition, names)
      var inner = names
      inner.isGuarded = true
      check(a, inner)
      check(b, inner)
      checkTypes(a.elementType, b.elementType, "'\(Word.select)'")
    case .reduce(let reduction, let axes, let body):
      if names.isBody { report("the body has a reduction '\(reduction.rawValue)'") }
      var inner = names
      for axis in axes { bind(axis, &inner) }
      check(body, inner)
    case .random(let words):
      if words.count != 6 { report("'\(scalar)' has \(words.count) words, not 6") }
      for word in words {
        check(word, names)
        if word.elementType?.isFloatingPoint == true {
          report("'\(scalar)' counts by '\(word)', no whole number")
        }
      }
    case .local(let name, let type):
      guard let declared = names.locals[name] else { return report("local '\(name)' is not declared") }
      checkTypes(type, declared, "local '\(name)'")
    }
  }

  private mutating func check(_ index: Index, _ names: Names) {
    switch index {
    case .constant: break
    case .axis(let axis):
      if names.axes[axis.name] != axis.extent {
        report("axis '\(axis.name)' of extent \(axis.extent) is not bound")
      }
    case .sum(let a, let b), .product(let a, let b), .minimum(let a, let b), .maximum(let a, let b):
      check(a, names)
      check(b, names)
    case .quotient(let a, let divisor), .remainder(let a, let divisor):
      check(a, names)
      if divisor < 1 { report("'\(index)' divides by \(divisor)") }
    case .value(let scalar): check(scalar, names)
    }
  }

  private mutating func checkTensor(_ tensor: Tensor, isWritten: Bool) {
    guard let parameters else { return }
    guard let parameter = parameters.first(where: { $0.tensor == tensor }) else {
      return report("'\(tensor)' is not a parameter")
    }
    if isWritten, parameter.role == .read {
      report("'\(tensor.name)' is written but is a parameter for reading")
    }
  }

  private mutating func checkIndices(_ access: Access, _ names: Names) {
    for index in access.indices { check(index, names) }
    let tensor = access.tensor
    guard access.indices.count == tensor.rank else {
      return report("'\(access)' has \(access.indices.count) indices for '\(tensor)'")
    }
    if access.outside != nil || names.isGuarded || names.axes.values.contains(0) { return }
    let layout = parameters?.first { $0.tensor == tensor }?.layout
    for (dimension, index) in access.indices.enumerated() {
      let form = LinearForm(index)
      guard form.isAffine, let range = form.index.range else { continue }
      let extent = tensor.shape[dimension]
      let places = names.isBody ? layout?.places(dimension, extent: extent) ?? 0..<extent : 0..<extent
      if places.contains(range.lowerBound), places.contains(range.upperBound) { continue }
      report("'\(access)' reaches \(range) in dimension \(dimension) of '\(tensor)'")
    }
  }

  private mutating func checkTypes(_ left: ElementType?, _ right: ElementType?, _ place: String) {
    guard let left, let right, left != right else { return }
    report("\(left.rawValue) and \(right.rawValue) meet in \(place)")
  }
}
