/// Names that are in use, to make others different from them.
struct NamePool {
  private var taken: Set<String>
  /// The number tried last behind a stem.
  private var numbers: [String: Int] = [:]

  init(_ taken: Set<String> = []) { self.taken = taken }

  func contains(_ name: String) -> Bool { taken.contains(name) }

  /// Whether the name was free; from now on it is not.
  @discardableResult
  mutating func insert(_ name: String) -> Bool { taken.insert(name).inserted }

  /// The name, or with a number behind it where it is taken; from now on it is.
  mutating func claim(_ name: String, separator: String = "_") -> String {
    if insert(name) { return name }
    var number = numbers[name, default: 1]
    repeat { number += 1 } while !insert(name + separator + String(number))
    numbers[name] = number
    return name + separator + String(number)
  }
}
