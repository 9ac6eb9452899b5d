import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The temporary files and folders of outputs that are being written, so that an interrupted program can
/// remove them.
package enum UnfinishedOutputs {
  private static let paths = Mutex<[String]>([])
  private static let deferral = Mutex(Deferral())

  /// What signals do while a long work wants to end in good order.
  private struct Deferral {
    var isActive = false
    var wasInterrupted = false
  }

  package static func add(_ path: String) {
    paths.withLock { $0.append(path) }
  }

  package static func remove(_ path: String) {
    paths.withLock { $0.removeAll { $0 == path } }
  }

  /// From now on Ctrl-C, termination and hang-up remove the unfinished outputs before the process dies of
  /// the signal. To be called once, at the start of a program.
  package static func removeOnInterrupt() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    signalPipe = ends[1]
    let readEnd = UnsafeMutableRawPointer(bitPattern: Int(ends[0]) + 1)
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let started = pthread_create(&thread, nil, { waitForSignal($0) }, readEnd)
    guard started == 0 else { return }
    var handled = sigset_t()
    sigemptyset(&handled)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, forwardSignal)
      sigaddset(&handled, number)
    }
    // Whoever started this program may have blocked them, as the threads of a dispatch queue do.
    pthread_sigmask(SIG_UNBLOCK, &handled, nil)
  }

  /// Runs a work that ends by itself soon after `isInterrupted` has become true, as the first signal makes it. A second
  /// signal ends the process as ever.
  package static func deferringInterrupts<Result>(_ work: () throws -> Result) rethrows -> Result {
    deferral.withLock { $0 = Deferral(isActive: true) }
    defer { deferral.withLock { $0.isActive = false } }
    return try work()
  }

  /// Whether a signal came while interrupts were deferred.
  package static var isInterrupted: Bool { deferral.withLock { $0.wasInterrupted } }

  /// - Returns: whether the signal only asks a work to end.
  fileprivate static func deferInterrupt() -> Bool {
    deferral.withLock { deferral in
      defer { deferral.wasInterrupted = true }
      return deferral.isActive && !deferral.wasInterrupted
    }
  }

  /// Removes everything unfinished and dies of the signal. The lock is kept: no new output can begin.
  fileprivate static func removeAllAndDie(of number: Int32) {
    paths.withLock { paths in
      for path in paths { removeTree(path) }
      signal(number, SIG_DFL)
      kill(getpid(), number)
      while true { pause() }
    }
  }
}

/// Where the signal handler, which may do hardly anything else, writes the number of the signal.
/// Set once before the handler is installed.
nonisolated(unsafe) private var signalPipe: Int32 = -1

private func forwardSignal(_ number: Int32) {
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(signalPipe, &byte, 1)
}

private func waitForSignal(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  let readEnd = Int32(Int(bitPattern: argument) - 1)
  var byte: UInt8 = 0
  while retrying({ read(readEnd, &byte, 1) }) == 1 {
    if !UnfinishedOutputs.deferInterrupt() { UnfinishedOutputs.removeAllAndDie(of: Int32(byte)) }
  }
  return nil
}
