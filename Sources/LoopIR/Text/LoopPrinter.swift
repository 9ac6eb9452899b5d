import SourceText

extension Tensor: CustomStringConvertible {
  /// `x: f32[1, 3, 224, 224]`
  package var description: String {
    "\(name): \(element.rawValue)[\(shape.map(String.init).joined(separator: ", "))]"
  }
}

extension Equation: CustomStringConvertible {
  /// `y[n,o,i,j] = max(b[o] + sum(c,p,q) x[n,c,i+p-1,j+q-1 | 0] * w[o,c,p,q], 0)`; a scatter adds which axes
  /// it walks, what the result begins with and how values combine: `y[int(p[k])] = x[k] over k from 0 by
  /// sum`.
  package var description: String {
    guard let scatter else { return "\(Access(result, axes.map(\.index))) = \(value)" }
    let target = Access(result, scatter.target)
    let combination = scatter.combine.map { " by \($0.rawValue)" } ?? ""
    let walked = axes.map(\.name).joined(separator: ",")
    return "\(target) = \(value) over \(walked) from \(scatter.initial)\(combination)"
  }

  /// Axes whose extents the shape of the result does not tell, in order of appearance.
  package var boundAxes: [Axis] {
    var found = scatter == nil ? [] : axes
    func add(_ part: Scalar) {
      if case .reduce(_, let axes, _) = part {
        for axis in axes where !found.contains(axis) { found.append(axis) }
      }
    }
    // `forEach` visits bodies first; outer axes are wanted first.
    var reductions: [Scalar] = []
    value.forEach { if case .reduce = $0 { reductions.append($0) } }
    scatter?.initial.forEach { if case .reduce = $0 { reductions.append($0) } }
    for index in scatter?.target ?? [] {
      index.forEachScalar { if case .reduce = $0 { reductions.append($0) } }
    }
    reductions.reversed().forEach(add)
    return found
  }
}

extension Schedule: CustomStringConvertible {
  /// `split o 16 -> o0 o1; reorder n o0 i j o1; unroll j; vectorize o1`
  package var description: String { directives.map(\.description).joined(separator: "; ") }
}

extension Schedule.Directive: CustomStringConvertible {
  package var description: String {
    switch self {
    case .split(let axis, let factor, let outer, let inner): "split \(axis) \(factor) -> \(outer) \(inner)"
    case .reorder(let axes): "reorder \(axes.joined(separator: " "))"
    case .unroll(let axis): "unroll \(axis)"
    case .vectorize(let axis): "vectorize \(axis)"
    case .parallel(let axis): "parallel \(axis)"
    case .fuse(let outer, let inner, let name): "fuse \(outer) \(inner) -> \(name)"
    case .separate(let axis): "separate \(axis)"
    case .carry(let axis): "carry \(axis)"
    case .prefetch(let tensor, let ahead): "prefetch \(tensor) \(ahead)"
    case .stream(let tensor, let ahead, let stride): "stream \(tensor) \(ahead) by \(stride)"
    }
  }
}

extension Kernel: CustomStringConvertible {
  /// The whole kernel; `LoopParser` reads it back:
  ///
  ///     kernel fc {
  ///       read x: f32[8, 64]
  ///       read w: f32[32, 64] in [0/16 1 0%16]
  ///       write y: f32[8, 32]
  ///       axes c < 64
  ///       equation y[n,o] = sum(c) x[n,c] * w[o,c]
  ///       schedule vectorize o
  ///
  ///       for n in 0..<8, vector o in 0..<32 {
  ///         var sum: f32 = 0
  ///         for c in 0..<64 {
  ///           sum = sum + x[n,c] * w[o,c]
  ///         }
  ///         y[n,o] = sum
  ///       }
  ///     }
  package var description: String {
    var writer = TextWriter()
    write(to: &writer)
    return writer.text
  }

  /// Prints into the text of a program.
  package func write(to writer: inout TextWriter) {
    writer.block("kernel \(name) {") { writer in
      for parameter in parameters {
        let layout = parameter.layout == .plain(rank: parameter.tensor.rank) ? "" : " in \(parameter.layout)"
        writer.line("\(parameter.role.rawValue) \(parameter.tensor)\(layout)")
      }
      for equation in equations {
        let axes = equation.boundAxes.map { "\($0.name) < \($0.extent)" }
        if !axes.isEmpty { writer.line("axes \(axes.joined(separator: ", "))") }
        writer.line("equation \(equation)")
      }
      if !schedule.directives.isEmpty { writer.line("schedule \(schedule)") }
      if !body.isEmpty { writer.blank() }
      for statement in body { statement.write(to: &writer) }
    }
  }
}

extension Statement: CustomStringConvertible {
  package var description: String {
    var writer = TextWriter()
    write(to: &writer)
    return writer.text
  }

  func write(to writer: inout TextWriter) {
    switch self {
    case .loop(let loop):
      let (loops, body) = loop.perfectNest
      let heads = loops.map {
        ($0.kind == .serial ? "" : $0.kind.rawValue + " ") + "\($0.axis.name) in 0..<\($0.axis.extent)"
      }
      Self.write(body, after: "for \(heads.joined(separator: ", ")) {", to: &writer)
    case .declare(let name, let type, let value):
      writer.line("var \(name): \(type.rawValue) = \(value)")
    case .assign(let name, _, let value):
      writer.line("\(name) = \(value)")
    case .store(let target, let value):
      writer.line("\(target) = \(value)")
    case .conditional(let condition, let body):
      Self.write(body, after: "if \(condition) {", to: &writer)
    case .prefetch(let place, let ahead):
      writer.line("prefetch \(place) ahead \(ahead)")
    }
  }

  private static func write(_ body: [Statement], after opening: String, to writer: inout TextWriter) {
    writer.block(opening) { writer in
      for statement in body { statement.write(to: &writer) }
    }
  }
}

extension Loop {
  /// Loops that hold nothing but the next, and what the last one holds. They share a line.
  fileprivate var perfectNest: (loops: [Loop], body: [Statement]) {
    var loops = [self]
    var body = body
    while body.count == 1, case .loop(let inner) = body[0] {
      loops.append(inner)
      body = inner.body
    }
    return (loops, body)
  }
}
