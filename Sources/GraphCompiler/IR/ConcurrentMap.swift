import Dispatch

extension Array where Element: Sendable {
  /// The results for all elements, in their order, computed by all processors.
  func concurrentMap<Result: Sendable>(_ body: @Sendable (Element) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      // Every result has a place of its own.
      nonisolated(unsafe) let buffer = buffer
      DispatchQueue.concurrentPerform(iterations: count) { place in
        buffer.initializeElement(at: place, to: body(self[place]))
      }
      initializedCount = count
    }
  }
}
