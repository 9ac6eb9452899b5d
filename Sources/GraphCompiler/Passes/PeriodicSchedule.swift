import LoopIR

/// Schedules where an axis is divided: `y[j] = x[j / 2]`, the phases of interpolation.
enum PeriodicSchedule {
  /// Longer periods would write too much out.
  private static let periodLimit = 8

  /// The last axis split into periods, whose elements are written out: every quotient and remainder of it becomes a
  /// constant there. nil where nothing divides the axis.
  static func schedule(_ equation: Equation) -> Schedule? {
    guard equation.scatter == nil, let last = equation.axes.last(where: { $0.extent > 1 }),
      let period = period(equation, last), period > 1, last.extent > period, last.extent.isMultiple(of: period)
    else { return nil }
    let names = equation.pieces(of: last, 2)
    return Schedule([
      .split(last.name, factor: period, outer: names[0], inner: names[1]), .unroll(names[1]),
    ])
  }

  /// After how many steps along the axis all remainders repeat; nil where that takes too long.
  private static func period(_ equation: Equation, _ axis: Axis) -> Int? {
    var divided: [(value: Index, divisor: Int)] = []
    _ = equation.value.rewritten(
      index: { index in
        switch index {
        case .quotient(let value, let divisor), .remainder(let value, let divisor): divided.append((value, divisor))
        default: break
        }
        return index
      }, scalar: { $0 })
    var period = 1
    for (value, divisor) in divided {
      let factor = LinearForm(value).factor(of: axis)
      if factor == 0 { continue }
      let step = divisor / greatestCommonDivisor(divisor, abs(factor))
      period = period / greatestCommonDivisor(period, step) * step
      if period > periodLimit { return nil }
    }
    return period
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }
}
