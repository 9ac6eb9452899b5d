import LoopIR

/// Integer labels `[N, …]` beside scores `[N, C, …]`: the class of each sample. A label outside `0..<C` is no
/// class.
package enum ClassLabels {
  /// Extents of the labels; throws where they do not fit the scores.
  package static func check(
    _ scores: TensorType, _ label: TensorType, of name: String
  ) throws(OpError) -> [Int] {
    guard scores.element.isFloatingPoint, scores.rank >= 2 else {
      throw OpError("'\(name)' takes floating point [N, C, …], found \(scores)", at: .operand(0))
    }
    guard label.element == .i32 || label.element == .i64 else {
      throw OpError(
        "'\(name)' takes labels of type i32 or i64, found \(label)", at: .operand(1),
        help: "use cast(label, to: \"i32\")")
    }
    var expected = scores.shape
    expected.remove(at: 1)
    guard label.shape == expected else {
      throw OpError(
        "expected labels \(expected) for \(scores), found \(label)", at: .operand(1),
        help: "a label is the number of a class, not a list of probabilities")
    }
    return expected
  }

  /// True at the class of each sample: bool `[N, C, …]`.
  package static func oneHot(
    _ b: inout GraphBuilder, _ label: Value, classes: Int
  ) throws(OpError) -> Value {
    let type = b.type(of: label)
    var counted = [Int](repeating: 1, count: type.rank + 1)
    counted[1] = classes
    let position = try b.apply(Iota(shape: counted, axis: 1, type: type.element))
    return try b.apply(Equal(), try b.apply(Unsqueeze(axes: [1]), label), position)
  }

  /// The element of `values` at the class of each sample, 0 where there is none.
  package static func pick(
    _ b: inout GraphBuilder, _ values: Value, _ oneHot: Value, keep: Bool = false
  ) throws(OpError) -> Value {
    let zero = b.scalar(0, b.type(of: values).element)
    let picked = try b.apply(Where(), oneHot, values, zero)
    return try b.apply(ReduceSum(axes: [1], keep: keep), picked)
  }
}
