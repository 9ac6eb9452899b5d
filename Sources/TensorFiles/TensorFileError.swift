/// Why a file could not be read or written: what is wrong, why, and what would mend it.
package struct TensorFileError: Error, Sendable, Hashable {
  package let path: String
  /// What is wrong: lower case, no full stop.
  package let message: String
  /// Why it is wrong, where that is not plain from the message.
  package let cause: String?
  /// What the user can do.
  package let cure: String?

  package init(_ path: String, _ message: String, cause: String? = nil, cure: String? = nil) {
    self.path = path
    self.message = message
    self.cause = cause
    self.cure = cure
  }

  /// The headline without the cure: `message: cause`.
  package var headline: String {
    cause.map { "\(message): \($0)" } ?? message
  }
}

extension TensorFileError: CustomStringConvertible {
  package var description: String {
    "\(path): \(headline)" + (cure.map { " (\($0))" } ?? "")
  }
}
