import LoopIR

/// How equations walk the channels of their tensors, for `block-channels`.
extension Equation {
  /// True where every read of the tensor walks its channels by an axis that can be the lanes, the channel axis of the
  /// result, or by the axis of a sum, one pixel's channels after the other.
  func walksChannels(of tensor: Tensor) -> Bool {
    guard axes.count >= 2, tensor.rank >= 3 else { return false }
    let sums = value.sumAxes
    return allReads.filter { $0.tensor == tensor }.allSatisfy { access in
      guard case .axis(let channel) = access.indices[1], channel.extent == tensor.shape[1] else { return false }
      let others = access.indices.enumerated().filter { $0.offset != 1 }.map(\.element)
      guard !others.contains(where: { $0.mentions(axes[1]) || $0.isDataDependent }) else { return false }
      return channel == axes[1] || sums.contains(channel)
    }
  }

  /// True for gradients by weights, where every channel of one factor meets every channel of the other, and for
  /// numbers of which each says something about a channel.
  func pairsChannels(of tensor: Tensor) -> Bool {
    guard tensor.rank >= 3, summarizesChannels else { return false }
    return allReads.filter { $0.tensor == tensor }.allSatisfy { access in
      guard case .axis(let channel) = access.indices[1], channel.extent == tensor.shape[1], axes.contains(channel) else {
        return false
      }
      let others = access.indices.enumerated().filter { $0.offset != 1 }.map(\.element)
      return !others.contains { $0.mentions(channel) || $0.isDataDependent }
    }
  }

  /// True where the channels of the operands are counted by the first axis, pixels by none.
  var summarizesChannels: Bool {
    let sums = value.sumAxes
    guard !sums.isEmpty, let first = axes.first else { return false }
    return allReads.contains { access in
      guard access.tensor.rank >= 3, access.indices[1] == .axis(first) else { return false }
      return access.indices.enumerated().allSatisfy { place, index in
        place == 1 || sums.contains { index == .axis($0) }
      }
    }
  }

  /// True where the lanes of the result are the lanes of the tensor.
  func lanesRead(_ tensor: Tensor) -> Bool {
    allReads.contains { $0.tensor == tensor && $0.indices[1] == .axis(axes[1]) }
  }

  /// True where no element is below 0: a maximum with 0, or the largest of what is not below 0.
  func isNonnegative(where isOperand: (Tensor) -> Bool) -> Bool {
    func check(_ scalar: Scalar) -> Bool {
      switch scalar {
      case .constant(let number): number >= 0
      case .binary(.maximum, let a, let b): check(a) || check(b)
      case .binary(.minimum, let a, let b): check(a) && check(b)
      case .reduce(.maximum, _, let body): check(body)
      case .read(let access): isOperand(access.tensor) && (access.outside ?? 0 >= 0 || access.outside == -.infinity)
      default: false
      }
    }
    return check(value)
  }
}

extension Scalar {
  /// Axes of all sums in the expression.
  fileprivate var sumAxes: [Axis] {
    var found: [Axis] = []
    forEach { if case .reduce(.sum, let axes, _) = $0 { found += axes } }
    return found
  }
}
