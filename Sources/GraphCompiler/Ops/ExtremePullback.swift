/// The gradient of a maximum or minimum over axes: elements that are equally extreme share it evenly.
package protocol ExtremePullback: ReductionOp, UnaryPullbackRule {}

extension ExtremePullback {
  package func gradient(_ b: inout GraphBuilder, x: Value, y: Value, dy: Value) throws(OpError) -> Value {
    let type = b.type(of: x)
    let kept = type.shape.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
    let extreme = keep ? y : try b.apply(Reshape(to: kept), y)
    let arrived = keep ? dy : try b.apply(Reshape(to: kept), dy)
    let isExtreme = try b.apply(Cast(to: type.element), try b.apply(Equal(), x, extreme))
    let count = try b.apply(ReduceSum(axes: axes), isExtreme)
    return try b.apply(Mul(), isExtreme, try b.apply(Div(), arrived, count))
  }
}
