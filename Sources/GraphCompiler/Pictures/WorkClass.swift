import LoopIR

/// What kind of work an operator or a kernel is, for the colors of pictures. Found from equations, never from
/// names.
package enum WorkClass: String, Hashable, Sendable, CaseIterable {
  /// Sums of products of two tensors: convolutions, matrix products.
  case contraction
  /// Every window of every channel becomes one element.
  case pooling
  /// Any other reduction, and scaling channel by channel.
  case normalization
  case pointwise
  /// Elements from other places.
  case movement

  /// For legends.
  package var label: String {
    switch self {
    case .contraction: "contraction"
    case .pooling: "pooling"
    case .normalization: "normalization, reduction"
    case .pointwise: "pointwise"
    case .movement: "movement"
    }
  }

  /// The class of the heaviest work among the equations.
  package init(_ equations: [Equation]) {
    let classes = equations.map(\.equationClass)
    if equations.contains(where: { $0.multiplyAccumulateCount > 0 }) {
      self = .contraction
    } else if classes.contains(.reduction) || classes.contains(.contraction) {
      self = equations.contains(where: \.isPooling) ? .pooling : .normalization
    } else if classes.contains(.movement) || classes.contains(.scatter) {
      self = .movement
    } else {
      self = .pointwise
    }
  }
}

extension Equation {
  /// Steps of sums whose terms are products of elements of tensors (a square is not a product): what
  /// frameworks report as multiply-accumulates, padding counted. At most `Int.max`.
  package var multiplyAccumulateCount: Int {
    value.multiplyAccumulateCount.multipliedSaturating(by: axes.map(\.extent))
  }

  /// True where windows of one tensor, or all pixels of its channels, are reduced and nothing else is read:
  /// axes may have been merged.
  fileprivate var isPooling: Bool {
    guard scatter == nil, let tensor = value.reads.first?.tensor else { return false }
    var reduced: [Axis] = []
    value.forEach { if case .reduce(_, let axes, _) = $0 { reduced += axes } }
    return value.reads.allSatisfy { access in
      guard access.tensor == tensor else { return false }
      let own = access.indices.map { index in axes.contains(where: index.mentions) }
      let window = access.indices.map { index in reduced.contains(where: index.mentions) }
      let isWindow = zip(own, window).contains { $0 && $1 }
      let isGlobal =
        tensor.rank >= 3 && tensor.rank == result.rank && own[0] && own[1] && !window[0] && !window[1]
      return window.contains(true) && (isWindow || isGlobal)
    }
  }
}

extension Scalar {
  fileprivate var multiplyAccumulateCount: Int {
    switch self {
    case .constant, .local, .index, .read, .random: return 0
    case .unary(_, let a), .cast(_, let a): return a.multiplyAccumulateCount
    case .binary(_, let a, let b): return a.multiplyAccumulateCount.addedSaturating(b.multiplyAccumulateCount)
    case .select(let condition, let a, let b):
      let chosen = max(a.multiplyAccumulateCount, b.multiplyAccumulateCount)
      return condition.multiplyAccumulateCount.addedSaturating(chosen)
    case .reduce(let reduction, let axes, let a):
      let own = reduction == .sum && a.isProductOfElements ? 1 : 0
      return a.multiplyAccumulateCount.addedSaturating(own).multipliedSaturating(by: axes.map(\.extent))
    }
  }

  /// True for a product of at least two different factors with elements of tensors.
  private var isProductOfElements: Bool {
    if case .select(_, let a, let b) = self { return a.isProductOfElements || b.isProductOfElements }
    var different: [Scalar] = []
    for factor in factors where !factor.reads.isEmpty && !different.contains(factor) {
      different.append(factor)
    }
    return different.count > 1
  }
}
