import LoopIR

/// The spatial attributes that convolution and pooling share: kernel, stride, padding, dilation.
///
/// Output size: `floor((n + before + after - dilation * (kernel - 1) - 1) / stride) + 1`; with `ceil`, the
/// quotient rounds up, but a window that would start in the padding behind the input is dropped (as in
/// PyTorch and ONNX).
package struct Window: Hashable, Sendable {
  package var kernel: [Int]
  package var stride: [Int]
  package var dilation: [Int]
  /// Padding before, then after, for each spatial axis.
  package var before: [Int]
  package var after: [Int]
  package var ceil = false

  package var rank: Int { kernel.count }

  /// Extent of one dilated window.
  package func span(_ axis: Int) -> Int { dilation[axis] * (kernel[axis] - 1) + 1 }

  /// Spatial extents of the result. Throws where a window does not fit.
  package func outputShape(_ input: [Int]) throws(OpError) -> [Int] {
    var result: [Int] = []
    for axis in 0..<rank {
      let padded = input[axis] + before[axis] + after[axis]
      let room = padded - span(axis)
      guard room >= 0 else {
        throw OpError(
          "a window of \(span(axis)) does not fit into \(padded) (input \(input[axis]), padding "
            + "\(before[axis]) + \(after[axis])) along spatial axis \(axis)",
          at: .field("kernel"), help: "use a smaller kernel or more padding")
      }
      var count = room / stride[axis] + 1
      if ceil, room % stride[axis] != 0, count * stride[axis] < input[axis] + before[axis] { count += 1 }
      result.append(count)
    }
    return result
  }

  /// Position in the input that output `o` sees through window place `k`.
  package func position(_ output: Axis, _ place: Axis, _ axis: Int) -> Index {
    output * stride[axis] + place * dilation[axis] - before[axis]
  }

  /// Pixels behind the last window of each axis, which no window sees.
  package func droppedPixels(_ input: [Int], _ output: [Int]) -> [Int] {
    (0..<rank).map { axis in
      let end = (output[axis] - 1) * stride[axis] + span(axis)
      return max(0, input[axis] + before[axis] + after[axis] - end)
    }
  }

  /// Warns of pixels of the input, padding not counted, that lie behind the last window.
  package func remarks(_ input: [Int]) -> [String] {
    guard let output = try? outputShape(input) else { return [] }
    let dropped = droppedPixels(input, output)
    return (0..<rank).compactMap { axis in
      let count = dropped[axis] - after[axis]
      // Windows further apart than they are wide skip pixels everywhere.
      if count <= 0 || stride[axis] > span(axis) { return nil }
      let pixels = count == 1 ? "pixel" : "\(count) pixels"
      return "no window sees the last \(pixels) of \(input[axis]) along spatial axis \(axis) "
        + "(kernel \(kernel[axis]), stride \(stride[axis]))"
    }
  }

  /// Conventional names of window axes: p q, with r in front for volumes.
  package static func kernelAxes(_ kernel: [Int]) -> [Axis] {
    let names = kernel.count == 3 ? ["r", "p", "q"] : kernel.count == 2 ? ["p", "q"] : ["p"]
    return Equation.axes(names, kernel)
  }

  /// Conventional names of spatial axes: i j, with d in front for volumes.
  package static func spatialAxes(_ extents: [Int]) -> [Axis] {
    let names = extents.count == 3 ? ["d", "i", "j"] : extents.count == 2 ? ["i", "j"] : ["i"]
    return Equation.axes(names, extents)
  }
}

/// Padding as written: numbers, or the words "same" and "valid".
package enum Padding: AttributeConvertible {
  /// One for all, one for each axis, or all befores and then all afters.
  case numbers([Int])
  /// Output size is input size over stride, rounded up; the odd pixel goes behind (TensorFlow's SAME, ONNX
  /// SAME_UPPER).
  case same
  case valid

  package init(attribute: Attribute) throws(AttributeError) {
    switch attribute {
    case .string("same"): self = .same
    case .string("valid"): self = .valid
    default:
      guard let numbers = try? [Int](attribute: attribute) else {
        throw AttributeError(expected: "numbers, \"same\" or \"valid\"")
      }
      self = .numbers(numbers)
    }
  }

  package var attribute: Attribute {
    switch self {
    case .numbers(let numbers): numbers.attribute
    case .same: .string("same")
    case .valid: .string("valid")
    }
  }
}

extension Window {
  /// Largest stride, dilated kernel or padding that is taken seriously. Times the extent of any tensor it
  /// fits an `Int`.
  static let attributeLimit = 1 << 22

  /// Checks and writes out the attributes for an input: one number becomes one for each axis, words become
  /// numbers.
  package init(
    input: [Int], kernel: [Int], stride: [Int], padding: Padding, dilation: [Int], ceil: Bool = false
  ) throws(OpError) {
    let rank = input.count
    self.kernel = try Self.spread(kernel, rank, "kernel", atLeast: 1)
    self.stride = try Self.spread(stride, rank, "stride", atLeast: 1)
    self.dilation = try Self.spread(dilation, rank, "dilation", atLeast: 1)
    self.ceil = ceil
    (before, after) = ([], [])
    for axis in 0..<rank where self.kernel[axis] * self.dilation[axis] > Self.attributeLimit {
      throw OpError(
        "a window of \(self.kernel[axis]) with dilation \(self.dilation[axis]) is too large: at most "
          + "\(Self.attributeLimit) pixels", at: .field("dilation"))
    }
    switch padding {
    case .valid:
      (before, after) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
    case .same:
      for axis in 0..<rank {
        let outputs = (input[axis] + self.stride[axis] - 1) / self.stride[axis]
        let total = max(0, (outputs - 1) * self.stride[axis] + span(axis) - input[axis])
        before.append(total / 2)
        after.append(total - total / 2)
      }
    case .numbers(let numbers) where numbers.count == 2 * rank:
      let checked = try Self.spread(numbers, numbers.count, "pad", atLeast: 0)
      (before, after) = (Array(checked[..<rank]), Array(checked[rank...]))
    case .numbers(let numbers):
      before = try Self.spread(numbers, rank, "pad", atLeast: 0)
      after = before
    }
  }

  /// Padding in written-out form: all befores, then all afters.
  package var padding: Padding { .numbers(before + after) }

  /// One number for all axes, or one for each.
  package static func spread(
    _ numbers: [Int], _ rank: Int, _ name: String, atLeast least: Int
  ) throws(OpError) -> [Int] {
    guard numbers.count == rank || numbers.count == 1 else {
      throw OpError(
        "'\(name)' has \(numbers.count) numbers for \(rank) spatial axes", at: .field(name),
        help: name == "pad"
          ? "give one number for all axes, \(rank), or all befores and then all afters (\(2 * rank))"
          : "give one number for all axes or \(rank)")
    }
    for number in numbers where number < least || number > attributeLimit {
      throw OpError(
        "'\(name)' must be at least \(least) and at most \(attributeLimit), found \(number)", at: .field(name)
      )
    }
    return numbers.count == rank ? numbers : [Int](repeating: numbers[0], count: rank)
  }
}

extension Padding {
  /// The numbers of padding that has been written out: all befores, then all afters.
  var explicit: [Int] {
    guard case .numbers(let numbers) = self else {
      preconditionFailure("padding is written out before it is used")
    }
    return numbers
  }
}
