import SourceText

/// What the C text of a kernel calls: helpers of the generated file, by number of lanes (1 for plain numbers).
package struct CNeeds: Sendable, Hashable {
  /// Helpers that are templates over a number of lanes: `exp`, `load`, `select`.
  package var templates: [Int: Set<String>] = [:]
  /// Other helpers: `inside`, `floor_quotient`, `add_i32`, `exp_f64`.
  package var helpers: Set<String> = []

  package init() {}

  package mutating func formUnion(_ other: CNeeds) {
    templates.merge(other.templates) { $0.union($1) }
    helpers.formUnion(other.helpers)
  }
}

/// Prints one kernel as a C function. Used for one kernel and thrown away.
///
/// Loop variables are the equation's axes. Inside a vector loop there is no C loop: statements work on all lanes, as
/// `f32x16`. Addresses that several statements of a block share are computed once, into a pointer.
package final class CEmitter {
  let kernel: Kernel
  /// Of every vector.
  let lanes: Int
  package private(set) var needs = CNeeds()
  private var writer = TextWriter()
  /// The axis whose iterations are lanes, inside a vector loop.
  private(set) var lane: Axis?
  /// Locals that have one number for each lane.
  private(set) var vectorLocals: Set<String> = []
  /// Addresses that are computed once, for the statements of a block.
  var pointers: [AddressKey: Pointer] = [:]
  private var temporaries: [String: Int] = [:]

  /// An address but for a constant.
  struct AddressKey: Hashable {
    var tensor: String
    var terms: [LinearForm.Term]
  }

  /// A local of C that points to an element, and the constant in the address of that element.
  struct Pointer {
    var name: String
    var constant: Int
  }

  /// - Parameter lanes: of the vectors; no vector loop of the kernel has more.
  package init(_ kernel: Kernel, lanes: Int = Layout.block) {
    (self.kernel, self.lanes) = (kernel, lanes)
  }

  /// The function, from its `static` to its closing brace.
  package func function() -> String {
    let parameters = kernel.parameters.map { parameter in
      let qualifier = parameter.role == .read ? "const " : ""
      return "\(qualifier)\(parameter.tensor.element.cName) *restrict \(parameter.tensor.name)"
    }
    let share = kernel.isShared ? ["int part", "int parts"] : []
    writer.line("KERNEL void \(kernel.name)(\((parameters + share).joined(separator: ", "))) {")
    indented {
      if kernel.isShared { declareOwnScratch() }
      block(kernel.body)
    }
    writer.line("}")
    return writer.text
  }

  /// Every part of the work has memory of its own to work in.
  private func declareOwnScratch() {
    for parameter in kernel.parameters where parameter.role == .scratch {
      let count = parameter.layout.elementCount(shape: parameter.tensor.shape)
      output("\(parameter.tensor.name) += (size_t)part * \(count);")
    }
  }

  private func indented(_ body: () -> Void) {
    let outer = scope
    scope = []
    depth += 1
    body()
    depth -= 1
    scope = outer
  }

  private var depth = 0
  /// Locals of the C block that is being written.
  private var scope: Set<String> = []

  /// One line at the current depth.
  func output(_ text: String) {
    writer.line(String(repeating: "  ", count: depth) + text)
  }

  func need(_ template: String, lanes: Int) -> String {
    needs.templates[lanes, default: []].insert(template)
    return lanes == 1 ? "\(template)_f32" : "\(template)_f32x\(lanes)"
  }

  func need(_ helper: String) -> String {
    needs.helpers.insert(helper)
    return helper
  }

  /// The function of plain numbers in that type.
  func need(_ template: String, in type: ElementType) -> String {
    type == .f64 ? need("\(template)_f64") : need(template, lanes: 1)
  }

  func needType(_ isMask: Bool) {
    needs.templates[lanes, default: []].insert(isMask ? "select" : "splat")
  }

  func temporary(_ stem: String) -> String {
    temporaries[stem, default: 0] += 1
    return "\(stem)\(temporaries[stem, default: 0])"
  }

  // MARK: statements

  private func block(_ statements: [Statement]) {
    let outer = pointers
    declarePointers(statements)
    for (place, statement) in statements.enumerated() {
      if case .declare(let name, _, _) = statement, scope.contains(name) {
        // A vector loop before it, which is no block in C, has a local of that name.
        inBraces { block(Array(statements[place...])) }
        break
      }
      self.statement(statement)
    }
    pointers = outer
  }

  private func inBraces(_ body: () -> Void) {
    output("{")
    indented(body)
    output("}")
  }

  private func statement(_ statement: Statement) {
    switch statement {
    case .loop(let loop): self.loop(loop)
    case .declare(let name, let type, let value): declare(name, type, value, isChanged: changed.contains(name))
    case .assign(let name, let type, let value): assign(name, type, value)
    case .store(let target, let value): store(target, value)
    case .conditional(let condition, let body):
      output("if (\(scalarValue(condition, .i32).text)) {")
      indented { block(body) }
      output("}")
    case .prefetch(let place, let ahead):
      // The first cache keeps what is read now.
      let isFar = (ahead.range?.lowerBound ?? 0) >= Self.farAhead
      output("__builtin_prefetch(&\(lvalue(place, ahead: ahead))\(isFar ? ", 0, 2" : ""));")
    }
  }

  /// Elements that fill half of a first cache of 32 KB: what lies further ahead is brought into the second one.
  private static let farAhead = 4096

  /// Locals that are assigned after their declaration.
  private lazy var changed: Set<String> = {
    var names: Set<String> = []
    kernel.body.forEach { $0.collectAssigned(&names) }
    return names
  }()

  private func loop(_ loop: Loop) {
    if loop.kind == .vector {
      lane = loop.axis
      vectorLocals = []
      output("// \(loop.axis.name): \(loop.axis.extent) lane\(loop.axis.extent == 1 ? "" : "s")")
      vectorBody(loop.body)
      lane = nil
      vectorLocals = []
      return
    }
    let name = loop.axis.name
    let extent = loop.axis.extent
    if loop.kind == .parallel, extent == 1 {
      // Of loops that do not come out even the last part has more.
      output("for (int \(name) = part > 0; \(name) < 1; \(name)++) {")
    } else if loop.kind == .parallel {
      output("for (int \(name) = \(extent) * part / parts; \(name) < \(extent) * (part + 1) / parts; \(name)++) {")
    } else {
      if lane != nil, loop.repeatsReads { output("#pragma GCC unroll 1  // sums stay in registers") }
      output("for (int \(name) = 0; \(name) < \(extent); \(name)++) {")
    }
    indented { block(loop.body) }
    output("}")
  }

  /// A vector loop is no block in C, unless its locals have the names of others before it.
  private func vectorBody(_ statements: [Statement]) {
    let isNameTaken = statements.contains { statement in
      if case .declare(let name, _, _) = statement { scope.contains(name) } else { false }
    }
    if !isNameTaken { return block(statements) }
    inBraces { block(statements) }
  }

  private func declare(_ name: String, _ type: ElementType, _ value: Scalar, isChanged: Bool) {
    scope.insert(name)
    let qualifier = isChanged ? "" : "const "
    guard let lane, isChanged || dependsOnLane(value, lane) else {
      output("\(qualifier)\(type.localName) \(name) = \(scalarValue(value, type).text);")
      return
    }
    vectorLocals.insert(name)
    let text = value == .constant(0) ? zero : asVector(vectorValue(value))
    output("\(qualifier)f32x\(lanes) \(name) = \(text);")
  }

  private var zero: String {
    needType(false)
    return "{0}"
  }

  private func assign(_ name: String, _ type: ElementType, _ value: Scalar) {
    if case .binary(let function, .local(name, _), let term) = value, type.isFloatingPoint,
      let symbol = function.infix?.symbol, ["+", "-", "*"].contains(symbol)
    {
      let text = lane == nil ? scalarValue(term, type).text : vectorValue(term).text
      output("\(name) \(symbol)= \(text);")
      return
    }
    output("\(name) = \(lane == nil ? scalarValue(value, type).text : asVector(vectorValue(value)));")
  }

  private func store(_ target: Access, _ value: Scalar) {
    guard let lane else {
      let text = scalarValue(value, target.tensor.element).text
      let bits = target.tensor.element.halfConversions.map { "\(need($0.store))(\(text))" }
      output("\(lvalue(target)) = \(bits ?? text);")
      return
    }
    let offset = self.offset(target)
    let text = asVector(vectorValue(value))
    precondition(
      offset.isLinear(in: lane), "the lanes of '\(kernel.name)' do not write at equal distances")
    let address = "&\(lvalue(target.tensor, at: offset.starting(lane)))"
    let factor = offset.factor(of: lane)
    if factor == 1, lane.extent == lanes {
      output("\(need("store", lanes: lanes))(\(address), \(text));")
    } else if factor == 1 {
      output("\(need("store_part", lanes: lanes))(\(address), \(text), \(lane.extent));")
    } else {
      output("\(need("store_strided", lanes: lanes))(\(address), \(factor), \(text), \(lane.extent));")
    }
  }
}

extension Statement {
  fileprivate func collectAssigned(_ names: inout Set<String>) {
    switch self {
    case .declare, .store, .prefetch: break
    case .assign(let name, _, _): names.insert(name)
    case .loop(let loop): loop.body.forEach { $0.collectAssigned(&names) }
    case .conditional(_, let body): body.forEach { $0.collectAssigned(&names) }
    }
  }
}
