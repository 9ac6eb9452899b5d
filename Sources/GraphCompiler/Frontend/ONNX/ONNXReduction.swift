import LoopIR

extension ONNXRule {
  /// A reduction over axes, which old operator sets have as an attribute and newer ones as an input.
  /// - Parameters:
  ///   - yieldsFractions: True for roots and logarithms: integers are reduced in double precision, then truncated.
  ///   - make: The reduction over these axes (none: all), and whether they stay with extent 1.
  package static func reduction(
    _ name: String, yieldsFractions: Bool = false,
    _ make: @escaping @Sendable (_ axes: [Int], _ keep: Bool) -> any Op
  ) -> ONNXRule {
    ONNXRule(name) { call in
      var x = try call.input(0)
      let element = call.type(x).element
      let detours = yieldsFractions && !element.isFloatingPoint
      if detours { x = try call.apply(Cast(to: .f64), x) }
      let axes = try call.intsFrom(input: 1, orAttribute: "axes") ?? []
      let keep = try call.bool("keepdims", default: true)
      let isIdle = try call.bool("noop_with_empty_axes", default: false)
      var result: Value
      if axes.isEmpty, isIdle {
        // Every element is reduced alone: a sum of squares still squares it.
        let alone = try call.apply(Unsqueeze(axes: [call.rank(x)]), x)
        result = try call.apply(make([call.rank(x)], false), alone)
      } else {
        result = try call.apply(make(axes, keep), x)
      }
      if detours { result = try call.apply(Cast(to: element), result) }
      return [result]
    }
  }
}
