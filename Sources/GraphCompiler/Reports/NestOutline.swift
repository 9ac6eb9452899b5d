import LoopIR
import SourceText

/// A kernel's loop nest in a few lines: loops with what they walk, and what is done inside by counts instead of
/// statements.
///
///     for i in 0..<28                  result
///       for j0 in 0..<2                tiles
///         vector o in 0..<16           16 lanes
///           14 accumulators: 14 pixels x 1 vector
///           for p in 0..<5, q in 0..<5   sum
///             14 multiply-adds on 1 vector of w, 14 numbers of x
///           store 14 vectors of y, with 1 vector of b
///
/// Nests for what is left over when a loop is cut into tiles are only counted.
package struct NestOutline: Sendable {
  /// Indented by two spaces a level.
  package private(set) var lines: [String] = []
  private let roles: AxisRoles
  /// True where sums are carried in the result, which begins at 0.
  private let carriesSums: Bool
  /// Column at which notes stand.
  private static let noteColumn = 48

  package init(_ kernel: Kernel) {
    roles = AxisRoles(kernel)
    carriesSums = kernel.schedule.directives.contains { if case .carry = $0 { true } else { false } }
    write(kernel.body, depth: 0, lanes: nil)
  }

  private mutating func add(_ text: String, note: String = "", depth: Int) {
    let line = String(repeating: "  ", count: depth) + text
    let space = String(repeating: " ", count: max(2, Self.noteColumn - line.count))
    lines.append(note.isEmpty ? line : line + space + note)
  }

  /// - Parameter lanes: the axis of the vectors around.
  private mutating func write(_ statements: [Statement], depth: Int, lanes: Axis?) {
    var run: [Statement] = []
    var seen: [NestSignature] = []
    var leftOver = 0
    for statement in statements {
      switch statement {
      case .loop(let loop):
        add(work(of: &run, before: statements, lanes), depth: depth)
        let signature = NestSignature(loop.body)
        if !seen.contains(where: signature.isPart) {
          seen.append(signature)
          write(loop, signature, depth: depth, lanes: lanes)
        } else if !signature.clears {
          leftOver += 1
        }
      case .conditional(_, let body):
        add(work(of: &run, before: statements, lanes), depth: depth)
        add("if inside", depth: depth)
        write(body, depth: depth + 1, lanes: lanes)
      case .declare, .assign, .store, .prefetch: run.append(statement)
      }
    }
    add(work(of: &run, before: statements, lanes), depth: depth)
    if leftOver > 0 { add("and \(leftOver) more of the kind, for what is left over", depth: depth) }
  }

  private mutating func add(_ works: [String], depth: Int) {
    for work in works { add(work, depth: depth) }
  }

  /// Loops that hold nothing but the next and do the same share a line.
  private mutating func write(_ loop: Loop, _ signature: NestSignature, depth: Int, lanes: Axis?) {
    if signature.clears {
      let names = signature.stored.sorted().joined(separator: ", ")
      return add(carriesSums ? "clear \(names), where sums begin" : "clear the margins of \(names)", depth: depth)
    }
    var (loops, body) = ([loop], loop.body)
    let note = roles.note(loop)
    while loop.kind == .serial, body.count == 1, case .loop(let inner) = body[0], inner.kind == .serial,
      roles.note(inner) == note
    {
      loops.append(inner)
      body = inner.body
    }
    let heads = loops.map { "\($0.axis.name) in 0..<\($0.axis.extent)" }.joined(separator: ", ")
    add("\(loop.kind == .vector ? "vector" : "for") \(heads)", note: note, depth: depth)
    write(body, depth: depth + 1, lanes: loop.kind == .vector ? loop.axis : lanes)
  }

  /// What statements without loops do; empties the run.
  private func work(of run: inout [Statement], before all: [Statement], _ lanes: Axis?) -> [String] {
    defer { run = [] }
    return StatementCounts(run, accumulators: all.assignedLocals, lanes: lanes).lines(tile: roles.tile)
  }
}

/// What a nest writes and reads.
private struct NestSignature {
  var stored: Set<String> = []
  var read: Set<String> = []
  private var computes = false

  /// Whether it stores the same everywhere.
  var clears: Bool { !computes && read.isEmpty && !stored.isEmpty }

  init(_ statements: [Statement]) {
    collect(statements)
  }

  /// True where another nest does the same and perhaps more: then this one is for what that leaves over.
  func isPart(of other: NestSignature) -> Bool {
    stored.isSubset(of: other.stored) && read.isSubset(of: other.read)
  }

  private mutating func collect(_ statements: [Statement]) {
    for statement in statements {
      switch statement {
      case .loop(let loop): collect(loop.body)
      case .conditional(let condition, let body):
        read.formUnion(condition.reads.map(\.tensor.name))
        collect(body)
      case .declare(_, _, let value), .assign(_, _, let value): read.formUnion(value.reads.map(\.tensor.name))
      case .store(let target, let value):
        stored.insert(target.tensor.name)
        read.formUnion(value.reads.map(\.tensor.name))
        if case .constant = value { continue }
        computes = true
      case .prefetch: break
      }
    }
  }
}

extension [Statement] {
  /// Names of locals that get a new value somewhere inside: sums, and what else is accumulated.
  var assignedLocals: Set<String> {
    var names: Set<String> = []
    for statement in self {
      switch statement {
      case .loop(let loop): names.formUnion(loop.body.assignedLocals)
      case .conditional(_, let body): names.formUnion(body.assignedLocals)
      case .assign(let name, _, _): names.insert(name)
      case .declare, .store, .prefetch: break
      }
    }
    return names
  }
}
