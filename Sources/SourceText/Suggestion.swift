/// The candidate that the user most likely meant: the nearest by edit distance, at most a third of the
/// name away, or else one that begins like the name. Ties go to the alphabetically first.
package func suggestion(for name: String, among candidates: [String]) -> String? {
  let wanted = Array(name.lowercased().utf8)
  guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
  let cutOff = wanted.count / 3
  var best: (rank: Int, candidate: String)?
  for candidate in candidates where candidate != name {
    let other = Array(candidate.lowercased().utf8)
    guard other.count <= 64 else { continue }
    let distance = editDistance(wanted, other)
    var rank: Int?
    if distance <= cutOff {
      rank = distance
    } else if beginsAlike(wanted, other) {
      rank = 1000 + distance
    }
    guard let rank else { continue }
    if let found = best, (found.rank, found.candidate) <= (rank, candidate) { continue }
    best = (rank, candidate)
  }
  return best?.candidate
}

/// Whether the name is the beginning of the candidate, or the candidate at least the first half of the name.
private func beginsAlike(_ name: [UInt8], _ candidate: [UInt8]) -> Bool {
  guard name.count >= 2 else { return false }
  return candidate.starts(with: name) || name.starts(with: candidate) && candidate.count * 2 >= name.count
}

/// "did you mean 'stride'?", nil when nothing is near.
package func didYouMean(_ name: String, among candidates: [String]) -> String? {
  suggestion(for: name, among: candidates).map { "did you mean '\($0)'?" }
}

/// Damerau-Levenshtein distance in its optimal string alignment form: insert, delete, replace a byte, swap
/// neighbors, each costing one.
func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in 0..<a.count {
    var current = [i + 1]
    current.reserveCapacity(b.count + 1)
    for j in 0..<b.count {
      let replace = previous[j] + (a[i] == b[j] ? 0 : 1)
      var cost = min(replace, previous[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        cost = min(cost, beforePrevious[j - 1] + 1)
      }
      current.append(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}
