/// A contraction that scales with its weights, channel by channel:
///
///     y[n, o, i, j] = sum(c, p, q) x[…] * w[o, c, p, q] + b[o]
///
/// Multiplying channel `o` of `y` by a number is multiplying `w[o, …]` and `b[o]` by it.
package struct ChannelSum: Hashable, Sendable {
  /// A factor of the products, and its dimension that runs with the channels of the result.
  package struct Factor: Hashable, Sendable {
    package var tensor: Tensor
    package var dimension: Int
  }

  /// Each of them could be scaled instead of the result.
  package var factors: [Factor]
  /// Added to every element of a channel; nil where nothing is.
  package var bias: Tensor?
}

extension Equation {
  /// The equation as a sum over channels along one of its axes; nil where it is something else.
  package func channelSum(along channelAxis: Int) -> ChannelSum? {
    guard scatter == nil, axes.indices.contains(channelAxis) else { return nil }
    let channel = axes[channelAxis]
    var (products, biases): ([Scalar], [Tensor]) = ([], [])
    for term in value.terms {
      switch term {
      case .reduce(.sum, _, let product): products.append(product)
      case .read(let access)
      where access.indices == [.axis(channel)] && access.tensor.shape == [channel.extent]:
        biases.append(access.tensor)
      default: return nil
      }
    }
    guard products.count == 1, biases.count <= 1 else { return nil }
    let reads = value.reads.map(\.tensor)
    let factors = products[0].factors.compactMap { factor -> ChannelSum.Factor? in
      guard case .read(let access) = factor, reads.count(where: { $0 == access.tensor }) == 1 else {
        return nil
      }
      return access.dimension(of: channel).map { .init(tensor: access.tensor, dimension: $0) }
    }
    return factors.isEmpty ? nil : ChannelSum(factors: factors, bias: biases.first)
  }
}

extension Access {
  /// The dimension that an axis walks from end to end; nil where another index mentions the axis too.
  fileprivate func dimension(of axis: Axis) -> Int? {
    let mentions = indices.indices.filter { place in
      indices[place].substituting([axis: .constant(0)]) != indices[place].simplified
    }
    guard mentions.count == 1, indices[mentions[0]] == .axis(axis), tensor.shape[mentions[0]] == axis.extent
    else {
      return nil
    }
    return mentions[0]
  }
}

extension Scalar {
  /// The terms of a sum; a value that is no sum is its only term.
  fileprivate var terms: [Scalar] {
    guard case .binary(.add, let a, let b) = self else { return [self] }
    return a.terms + b.terms
  }
}
