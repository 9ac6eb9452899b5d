import LoopIR

/// An operator that combines the elements along some axes into one.
package protocol OverAxesOp: Op {
  /// The element types that the operand may have; numbers unless stated.
  static var domain: ElementDomain { get }
  var axes: [Int] { get set }
  var keep: Bool { get set }
}

extension OverAxesOp {
  package init(axes: [Int] = [], keep: Bool = true) {
    self.init()
    self.axes = axes
    self.keep = keep
  }

  package static var operands: [Operand] { [Operand("x")] }
  package static var domain: ElementDomain { .number }

  package static var fields: [Field<Self>] {
    [
      .field("axes", \.axes, "the axes that are reduced; none given: all"),
      .field("keep", \.keep, "keep reduced axes with extent 1"),
    ]
  }

  package static var examples: [String] {
    [
      "\(name)(f32[2, 3, 4], axes: [1])", "\(name)(f32[2, 3, 4], axes: [0, 2], keep: false)",
      "\(name)(f32[2, 3])",
    ]
  }

  package mutating func resolve(_ operands: [TensorType]) throws(OpError) {
    axes = try AxisAttribute.resolve(axes, rank: operands[0].rank)
  }

  package func resultTypes(_ operands: [TensorType]) throws(OpError) -> [TensorType] {
    let x = operands[0]
    try Self.require(Self.domain, x)
    let kept = x.shape.enumerated().compactMap { place, extent in
      axes.contains(place) ? (keep ? 1 : nil) : extent
    }
    return [TensorType(x.element, kept)]
  }
}

/// Reductions over a list of axes: sum, mean, maximum and the like.
package protocol ReductionOp: OverAxesOp, PrimitiveOp {
  static var reduction: Reduction { get }
  /// What is reduced, as an expression of the element.
  func element(_ x: Scalar) -> Scalar
  /// What is made of the result; `count` elements were reduced.
  func finish(_ total: Scalar, count: Int) -> Scalar
}

extension ReductionOp {
  package func element(_ x: Scalar) -> Scalar { x }

  package func finish(_ total: Scalar, count: Int) -> Scalar { total }

  package func equations(_ operands: [Tensor], _ results: [Tensor]) -> [Equation] {
    let (x, y) = (operands[0], results[0])
    let reduced = ReducedAxes(of: x, to: y, axes, keep: keep)
    let total = reduce(Self.reduction, reduced.axes, element(x[reduced.indices]))
    return [Equation(y, Equation.axes(of: y), finish(total, count: reduced.count))]
  }
}

/// The axes that a reduction sums over, and where its elements are.
struct ReducedAxes {
  private(set) var axes: [Axis] = []
  /// The element of `x` at a position of the result and of the axes.
  private(set) var indices: [Index] = []

  init(of x: Tensor, to y: Tensor, _ places: [Int], keep: Bool) {
    let names = ["p", "q", "r", "s", "t", "u", "v"]
    var remaining = Equation.axes(of: y)
    for (place, extent) in x.shape.enumerated() {
      if places.contains(place) {
        let axis = Axis(axes.count < names.count ? names[axes.count] : "r\(place)", extent)
        axes.append(axis)
        indices.append(.axis(axis))
        if keep { remaining.removeFirst() }
      } else {
        indices.append(.axis(remaining.removeFirst()))
      }
    }
  }

  /// How many elements become one.
  var count: Int { axes.reduce(1) { $0 * $1.extent } }
}

extension OverAxesOp {
  /// The rule names an ONNX operator that reduces the same way, over axes that it has as an input.
  package func writeONNX(_ call: ONNXWriting) throws(OpError) -> Bool {
    guard let rule = Self.onnx.first else { return false }
    call.finish(rule.name, [call.operands[0], call.ints(axes)], ["keepdims": .bool(keep)])
    return true
  }
}
