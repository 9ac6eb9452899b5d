/// Lays a chain out in lines, arrows below arrows.
enum ScriptLayout {
  private static let width = 96
  /// Where the first arrow stands further to the right, the next lines begin here.
  private static let deepest = 28

  static func lines(_ opening: String, _ start: String, _ stages: [String]) -> [String] {
    let first = opening + start
    let indent = String(repeating: " ", count: first.count <= deepest ? first.count : 4)
    var lines = [first]
    for stage in stages {
      let piece = " -> \(stage)"
      if lines[lines.count - 1].count + piece.count > width,
        lines.count > 1 || lines[0] != first || first.count > deepest
      {
        lines.append(indent + piece)
      } else {
        lines[lines.count - 1] += piece
      }
    }
    return lines
  }
}
