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

extension Initializer {
  /// How the `.graph` language writes one kind of initializer.
  struct Form: Sendable {
    var name: String
    var arguments: [String] = []
    /// From as many numbers as there are arguments.
    var make: @Sendable ([Double]) -> Initializer
  }

  static let forms: [Form] = [
    Form(name: "zeros") { _ in .zeros },
    Form(name: "ones") { _ in .ones },
    Form(name: "constant", arguments: ["value"]) { .constant($0[0]) },
    Form(name: "uniform", arguments: ["low", "high"]) { .uniform(low: $0[0], high: $0[1]) },
    Form(name: "normal", arguments: ["mean", "std"]) { .normal(mean: $0[0], deviation: $0[1]) },
    Form(name: "xavier_uniform") { _ in .xavierUniform },
    Form(name: "xavier_normal") { _ in .xavierNormal },
    Form(name: "he_uniform") { _ in .heUniform },
    Form(name: "he_normal") { _ in .heNormal },
    Form(name: "orthogonal") { _ in .orthogonal },
  ]
}

extension Initializer: CustomStringConvertible {
  /// As the `.graph` language writes it: `uniform(-0.1, 0.1)`.
  package var description: String {
    switch self {
    case .zeros: "zeros()"
    case .ones: "ones()"
    case .constant(let value): "constant(\(Attribute.text(of: value)))"
    case .uniform(let low, let high): "uniform(\(Attribute.text(of: low)), \(Attribute.text(of: high)))"
    case .normal(let mean, let deviation):
      "normal(\(Attribute.text(of: mean)), \(Attribute.text(of: deviation)))"
    case .xavierUniform: "xavier_uniform()"
    case .xavierNormal: "xavier_normal()"
    case .heUniform: "he_uniform()"
    case .heNormal: "he_normal()"
    case .orthogonal: "orthogonal()"
    }
  }
}
