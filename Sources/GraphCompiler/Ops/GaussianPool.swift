import Foundation
import LoopIR

/// Pooling with a fixed bell-shaped window: low-pass filtering before subsampling. The weights sum to 1;
/// padding counts as 0.
struct GaussianPool: CompositeOp, PoolOp {
  static let name = "gaussian_pool"
  static let summary = "mean of every window weighted by exp(-distance^2 / (2 sigma^2)) (Burt & Adelson 1983)"
  static let fields = windowFields + [.field("sigma", \.sigma, "width of the bell, in pixels")]
  static let examples = [
    "gaussian_pool(f32[1, 2, 6, 6], kernel: 3)",
    "gaussian_pool(f32[1, 2, 5, 6], kernel: [3, 4], stride: 2, pad: 1, sigma: 0.7)",
    "gaussian_pool(f32[2, 1, 8], kernel: 3, stride: 1, pad: \"same\")",
    "gaussian_pool(f32[1, 2, 4, 4, 4], kernel: 2, sigma: 2)",
  ]

  var kernel: [Int] = []
  var stride: [Int] = []
  var pad = Padding.numbers([0])
  var sigma = 1.0

  /// Largest number of weights that a bell may have; beyond, the tails are 0 for any sensible sigma.
  private static let weightLimit = 1 << 20

  func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    try Self.requireFloat(operands[0])
    guard sigma > 0, sigma.isFinite else {
      throw OpError("'sigma' must be positive and finite, found \(sigma)", at: .field("sigma"))
    }
    let type = try pooledType(operands[0])
    guard let count = TensorType.count(of: [type.shape[1]] + kernel), (1...Self.weightLimit).contains(count)
    else {
      throw OpError(
        "a bell of \(kernel) for \(type.shape[1]) channels does not fit into \(Self.weightLimit) weights",
        at: .field("kernel"))
    }
    return [type]
  }

  func expand(_ b: inout GraphBuilder, _ operands: [Value]) throws(OpError) -> [Value] {
    let x = b.type(of: operands[0])
    let channels = x.shape[1]
    let weights = [[Double]](repeating: bell, count: channels).flatMap { $0 }
    let w = b.constant(TensorData(TensorType(x.element, [channels, 1] + kernel), doubles: weights))
    var conv = Conv()
    (conv.stride, conv.pad, conv.groups) = (stride, pad, channels)
    return [try b.apply(conv, operands[0], w)]
  }

  /// The weights of one window in row-major order: the product of one bell for each axis.
  private var bell: [Double] {
    kernel.reduce([1]) { weights, extent in
      let center = Double(extent - 1) / 2
      let distances = (0..<extent).map { (Double($0) - center) / sigma }
      let heights = distances.map { exp(-$0 * $0 / 2) }
      let total = heights.reduce(0, +)
      return weights.flatMap { weight in heights.map { weight * $0 / total } }
    }
  }
}
