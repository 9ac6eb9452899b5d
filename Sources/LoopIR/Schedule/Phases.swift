/// Pixels of strided windows, seen from the other side: in a gradient, `w[o, c, (i + 1) % 2 + t * 2]` are other weights for
/// even and for odd `i`.
extension Equation {
  /// Pixels with larger strides are walked without regard to them: the code would become too long.
  private static let longestStride = 4

  /// Gives every phase loops of its own, in which remainders are numbers: the axes that count the pixels of one phase in
  /// place of those that are strided, and the directives that make them.
  func phases(of pixels: [Axis]) -> (axes: [Axis], directives: [Schedule.Directive]) {
    var directives: [Schedule.Directive] = []
    let axes = pixels.map { pixel in
      let step = self.step(of: pixel)
      guard step > 1, step <= Self.longestStride, pixel.extent >= step else { return pixel }
      let names = pieces(of: pixel, 2)
      directives += [.split(pixel.name, factor: step, outer: names[0], inner: names[1]), .separate(names[1])]
      return Axis(names[0], pixel.extent / step)
    }
    return (axes, directives)
  }

  /// How far apart pixels are that take the same steps through a window; 1 where all do.
  private func step(of pixel: Axis) -> Int {
    var step = 1
    _ = value.rewritten(index: { part in
      if case .remainder(let value, let divisor) = part, value.mentions(pixel) { step = max(step, divisor) }
      return part
    })
    return step
  }
}
