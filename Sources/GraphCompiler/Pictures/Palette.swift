/// The colors of all pictures: tints that hold up in print, told apart by readers who confuse red and green
/// too.
enum Palette {
  struct Pair: Hashable, Sendable {
    var fill: String
    var stroke: String
  }

  /// Main text.
  static let ink = "#1a1a1a"
  /// Secondary text.
  static let faded = "#5c5c5c"
  /// Lines between things.
  static let line = "#6b6b6b"
  /// Grid lines and frames.
  static let hairline = "#d4d4d4"
  /// The one thing to look at.
  static let accent = "#b3261e"

  static func colors(_ workClass: WorkClass) -> Pair {
    switch workClass {
    case .contraction: Pair(fill: "#d9e8f7", stroke: "#2f6ca8")
    case .pooling: Pair(fill: "#d8efe6", stroke: "#1f7f62")
    case .pointwise: Pair(fill: "#fdeccb", stroke: "#b97a10")
    case .normalization: Pair(fill: "#ebe1f5", stroke: "#7a4fa8")
    case .movement: Pair(fill: "#ececea", stroke: "#7d7d76")
    }
  }
}
