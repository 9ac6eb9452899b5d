import Dispatch
import Foundation

extension Process {
  /// Runs to the end, and returns what it writes into the pipe.
  ///
  /// Foundation's `waitUntilExit` alone looks every 50 ms, which is as long as a small kernel takes to compile.
  package func runToEnd(reading pipe: Pipe? = nil) throws -> Data {
    let end = DispatchSemaphore(value: 0)
    terminationHandler = { _ in end.signal() }
    try run()
    let output = pipe?.fileHandleForReading.readDataToEndOfFile() ?? Data()
    end.wait()
    // The handler is told a moment before the process counts as ended.
    waitUntilExit()
    return output
  }
}
