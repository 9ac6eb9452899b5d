/// What a choice may be about.
package enum TuningWord: String, CaseIterable, Sendable {
  case winograd, vectors, tile, unroll, prefetch

  /// Numbers that may stand behind it.
  package func allows(_ value: Int) -> Bool {
    switch self {
    case .winograd: [0, 2, 3, 4].contains(value)
    case .vectors: (1...8).contains(value)
    case .tile: (1...32).contains(value)
    case .unroll: [2, 4, 8].contains(value)
    case .prefetch: (0...4096).contains(value)
    }
  }

  /// The same in words.
  var range: String {
    switch self {
    case .winograd: "0, 2, 3 or 4 outputs"
    case .vectors: "1 to 8 vectors"
    case .tile: "1 to 32 pixels"
    case .unroll: "2, 4 or 8 terms"
    case .prefetch: "0 to 4096 elements"
    }
  }
}

extension Tuning.Choice {
  package subscript(word: TuningWord) -> Int? {
    get {
      switch word {
      case .winograd: winograd
      case .vectors: schedule.vectors
      case .tile: schedule.tile
      case .unroll: schedule.unroll
      case .prefetch: schedule.prefetch
      }
    }
    set {
      switch word {
      case .winograd: winograd = newValue
      case .vectors: schedule.vectors = newValue
      case .tile: schedule.tile = newValue
      case .unroll: schedule.unroll = newValue
      case .prefetch: schedule.prefetch = newValue
      }
    }
  }
}
