/// One step of a loop nest.
package indirect enum Statement: Hashable, Sendable {
  case loop(Loop)
  /// A new local, `float sum = 0`: an accumulator, or a value used more than once.
  case declare(String, ElementType, Scalar)
  case assign(String, ElementType, Scalar)
  case store(Access, Scalar)
  /// Runs the body where the condition is not 0.
  case conditional(Scalar, [Statement])
  /// Brings what stands so many elements behind a place into the cache; changes no value.
  case prefetch(Access, ahead: Index)
}

/// `for axis in 0..<extent`.
package struct Loop: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// One after the other.
    case serial
    /// All at once, as the lanes of vectors; statements inside work on all lanes.
    case vector
    /// In any order, also at the same time on several threads.
    case parallel
  }

  package var axis: Axis
  package var kind: Kind
  package var body: [Statement]

  package init(_ axis: Axis, kind: Kind = .serial, _ body: [Statement]) {
    self.axis = axis
    self.kind = kind
    self.body = body
  }
}
