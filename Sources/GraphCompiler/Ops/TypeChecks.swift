import LoopIR

/// Checks that the type rules of many operators share.
extension Op {
  /// The spatial extents of an operand `[N, C, spatial…]`.
  package static func requireSpatial(
    _ type: TensorType, axes: ClosedRange<Int> = 1...3, operand place: Int = 0
  ) throws(OpError) -> [Int] {
    guard axes.contains(type.rank - 2) else {
      let count = axes.count == 1 ? "\(axes.lowerBound)" : "\(axes.lowerBound) to \(axes.upperBound)"
      throw OpError(
        "'\(name)' takes [N, C, spatial…] with \(count) spatial axes, found \(type)", at: .operand(place),
        help: type.rank < 3 ? "add axes with reshape or unsqueeze" : nil)
    }
    return Array(type.shape[2...])
  }

  /// The number of channels, axis 1, of an operand.
  package static func requireChannels(_ type: TensorType, operand place: Int = 0) throws(OpError) -> Int {
    guard type.rank >= 2 else {
      throw OpError("'\(name)' takes [N, C, …], found \(type)", at: .operand(place))
    }
    return type.shape[1]
  }

  /// Throws unless an operand has the shape that `reason` demands.
  package static func requireShape(
    _ type: TensorType, _ shape: [Int], operand place: Int, for reason: String
  ) throws(OpError) {
    guard type.shape == shape else {
      let expected = TensorType(type.element, shape)
      throw OpError(
        "expected \(operands[place].name) \(expected) for \(reason), found \(type)", at: .operand(place))
    }
  }

  /// Throws unless a number given as an attribute is finite, and not below `least`.
  package static func requireFinite(
    _ number: Double, field: String, atLeast least: Double = -.infinity
  ) throws(OpError) {
    if number.isFinite, number >= least { return }
    let bound = least.isFinite ? "at least \(Attribute.text(of: least))" : "finite"
    throw OpError("'\(field)' must be \(bound), found \(number)", at: .field(field))
  }

  /// What the type rule has computed before without an error.
  package static func typed<T>(_ body: () throws(OpError) -> T) -> T {
    do {
      return try body()
    } catch {
      preconditionFailure("equations of a '\(name)' that has no type: \(error.message)")
    }
  }
}

extension TensorType {
  package init(_ tensor: Tensor) { self.init(tensor.element, tensor.shape) }
}

extension LayerArguments {
  /// An argument that counts something: channels, pieces.
  package func count(_ name: String) throws(OpError) -> Int {
    let number: Int = try value(name)
    guard (1...Window.attributeLimit).contains(number) else {
      throw OpError(
        "'\(name)' must be at least 1 and at most \(Window.attributeLimit), found \(number)", at: .field(name)
      )
    }
    return number
  }
}

extension Initializer {
  /// He et al. 2015 for weights whose shape does not show how many terms meet in one output.
  package static func he(fanIn: Double) -> Initializer {
    .normal(mean: 0, deviation: (2 / fanIn).squareRoot())
  }
}
