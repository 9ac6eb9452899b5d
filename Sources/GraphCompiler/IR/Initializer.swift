/// How a parameter starts when no weights are given.
package enum Initializer: Hashable, Sendable {
  case zeros
  case ones
  case constant(Double)
  case uniform(low: Double, high: Double)
  case normal(mean: Double, deviation: Double)
  /// Glorot & Bengio 2010: variance 2 / (fan in + fan out).
  case xavierUniform, xavierNormal
  /// He et al. 2015: variance 2 / fan in.
  case heUniform, heNormal
  /// Saxe et al. 2014: orthonormal rows or columns.
  case orthogonal
}
