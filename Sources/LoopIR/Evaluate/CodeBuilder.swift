/// Turns expressions into closures over numbered slots: built once, run for every element.
struct CodeBuilder {
  /// What names mean at one place of an equation or loop nest. An inner binding hides an outer one.
  struct Scope {
    var axes: [Axis: Int] = [:]
    var locals: [String: Int] = [:]
    /// The innermost axis of the result, where a whole row of a sum may be computed at once.
    var row: Axis?
  }

  /// Where the elements of a tensor are.
  enum Source {
    /// In row-major order, the same as long as the code runs.
    case constant(Buffer)
    case buffer(Buffer, Layout)

    var buffer: Buffer {
      switch self {
      case .constant(let buffer), .buffer(let buffer, _): buffer
      }
    }

    func layout(of tensor: Tensor) -> Layout {
      switch self {
      case .constant: .plain(rank: tensor.rank)
      case .buffer(_, let layout): layout
      }
    }
  }

  /// The memory of a tensor, or of one parameter of a kernel.
  final class Buffer {
    var values: [Double]

    init(_ values: [Double]) { self.values = values }
  }

  let source: (Tensor) -> Source
  /// What the code is of, for the message of an impossible access.
  let subject: () -> String
  private(set) var axisCount = Frame.rowSlot + 1
  private(set) var localCount = 0

  init(source: @escaping (Tensor) -> Source, subject: @escaping () -> String) {
    self.source = source
    self.subject = subject
  }

  mutating func bind(_ axis: Axis, in scope: inout Scope) -> Int {
    scope.axes[axis] = axisCount
    axisCount += 1
    return axisCount - 1
  }

  mutating func bind(local name: String, in scope: inout Scope) -> Int {
    scope.locals[name] = localCount
    localCount += 1
    return localCount - 1
  }

  func slot(of axis: Axis, _ scope: Scope) -> Int {
    guard let slot = scope.axes[axis] else {
      preconditionFailure("axis '\(axis.name)' of extent \(axis.extent) is not bound in \(subject())")
    }
    return slot
  }

  func slot(ofLocal name: String, _ scope: Scope) -> Int {
    guard let slot = scope.locals[name] else {
      preconditionFailure("local '\(name)' is not declared in \(subject())")
    }
    return slot
  }

  /// Runs `body` with slots for everything that was bound; all begin at 0.
  func withFrame(_ body: (Frame) -> Void) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: axisCount) { axes in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: localCount + 1) { locals in
        axes.initialize(repeating: 0)
        locals.initialize(repeating: 0)
        guard let axisBase = axes.baseAddress, let localBase = locals.baseAddress else { return }
        body(Frame(axes: axisBase, locals: localBase))
      }
    }
  }
}
