import LoopIR
import Testing

@testable import GraphCompiler

/// The losses against NumPy and SciPy.
@Suite struct LossTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var op: any Op
    var operands: [Given]
    var expected: [Double]

    var testDescription: String { "\(op) of \(operands.map(\.type))" }
  }

  static let outputs = Given([2, 3], [0.2, 0.7, 0.9, 0.5, 0.1, 0.4])
  static let targets = Given([2, 3], [0, 1, 1, 1, 0, 0.5])
  static let logits = Given([2, 3], [-2, 3, 0, 800, -700, 1.5])
  static let scores = Given([4, 3], [2, -1, 0.5, 1000, 0, 3, 0.1, 0.2, 0.3, 1, 1, -1])
  static let labels = Given([4], [2, 1, 0, 1], .i32)
  static let weights = Given([3], [0.5, 2, 3])
  static let image = Given([2, 3, 2], (0..<12).map { Double($0) / 7 - 0.5 })
  static let imageLabels = Given([2, 2], [0, 2, 1, 1], .i64)
  static let lines = Given([4], [0.3, -2, 1.5, 0])
  static let signs = Given([4], [1, 1, -1, -1])

  static let cases: [Case] = [
    Case(op: SquaredError(), operands: [outputs, targets], expected: [0.1025]),
    Case(op: SquaredError(reduction: .sum), operands: [outputs, targets], expected: [0.205]),
    Case(op: SquaredError(reduction: .none), operands: [outputs, targets], expected: [0.07, 0.135]),
    Case(op: SquaredError(), operands: [lines, signs], expected: [(0.49 + 9 + 6.25 + 1) / 8]),
    Case(op: PerceptronLoss(reduction: .sum), operands: [lines, signs], expected: [2 + 1.5]),
    Case(op: BinaryCrossEntropy(), operands: [outputs, targets], expected: [1.0986224424743063]),
    Case(
      op: BinaryCrossEntropy(reduction: .none), operands: [outputs, targets],
      expected: [0.6851790109107685, 1.5120658740378443]),
    Case(op: BinaryCrossEntropy(), operands: [Given([2], [0, 1]), Given([2], [1, 1])], expected: [50]),
    Case(op: BinaryCrossEntropyLogits(), operands: [logits, targets], expected: [0.9100379105797061]),
    Case(op: CrossEntropy(), operands: [scores, labels], expected: [250.92546945514147]),
    Case(
      op: CrossEntropy(reduction: .none), operands: [scores, labels],
      expected: [1.7413112966571571, 1000, 1.201942848229244, 0.7586236756795135]),
    Case(
      op: CrossEntropy(labelSmoothing: 0.1), operands: [scores, labels], expected: [242.5813027884748]),
    Case(op: CrossEntropy(ignoreIndex: [1]), operands: [scores, labels], expected: [1.4716270724432006]),
    Case(
      op: CrossEntropy(ignoreIndex: [1], reduction: .sum), operands: [scores, labels],
      expected: [2.943254144886401]),
    Case(
      op: CrossEntropy(ignoreIndex: [1, 2], reduction: .none), operands: [scores, labels],
      expected: [0, 0, 1.201942848229244, 0]),
    Case(op: CrossEntropy(), operands: [image, imageLabels], expected: [1.1256402179808749]),
    Case(op: CrossEntropy(), operands: [scores, labels, weights], expected: [267.6456203553927]),
    Case(
      op: CrossEntropy(reduction: .none), operands: [scores, labels, weights],
      expected: [5.223933889971471, 2000, 0.600971424114622, 1.517247351359027]),
    Case(
      op: CrossEntropy(ignoreIndex: [1], reduction: .mean), operands: [scores, labels, weights],
      expected: [1.6642586611674552]),
    Case(
      op: CrossEntropy(labelSmoothing: 0.2, ignoreIndex: [1]), operands: [scores, labels, weights],
      expected: [1.6673668869696825]),
    Case(
      op: NegativeLogLikelihood(reduction: .none), operands: [image, imageLabels, weights],
      expected: [0.25, -9 / 14.0, -9 / 7.0, -11 / 7.0]),
    Case(op: NegativeLogLikelihood(), operands: [image, imageLabels, weights], expected: [-13 / 30.0]),
    Case(
      op: NegativeLogLikelihood(ignoreIndex: [0, -1]), operands: [image, imageLabels],
      expected: [-23 / 42.0]),
    Case(
      op: CrossEntropyProbabilities(reduction: .none), operands: [outputs, Given([2], [0, 1], .i32)],
      expected: [1.6094379124341003, 2.3025850929940455]),
    Case(op: Hinge(), operands: [scores, labels], expected: [252.7]),
    Case(
      op: Hinge(margin: 0.5, reduction: .none), operands: [scores, labels], expected: [2, 1004, 1.3, 0.5]),
    Case(op: Hinge(), operands: [lines, signs], expected: [1.8]),
    Case(op: Hinge(reduction: .none), operands: [lines, signs], expected: [0.7, 3, 2.5, 1]),
  ]

  @Test(arguments: cases)
  func agreesWithNumPy(_ sample: Case) throws {
    let found = try results(of: sample.op, sample.operands)[0]
    #expect(found.count == sample.expected.count)
    for (value, expected) in zip(found.values, sample.expected) {
      #expect(isClose(value, expected), "\(value), expected \(expected)")
    }
  }

  static let matrix = TensorType(.f32, [2, 3])
  static let numbers = TensorType(.i32, [2])

  static let refusals: [(any Op, [TensorType], String)] = [
    (SquaredError(), [matrix, TensorType(.f32, [2])], "found f32[2, 3] and f32[2]"),
    (BinaryCrossEntropy(), [matrix, TensorType(.i32, [2, 3])], "takes floating point, found i32[2, 3]"),
    (CrossEntropy(), [matrix, matrix], "labels of type i32 or i64, found f32[2, 3]"),
    (CrossEntropy(), [matrix, TensorType(.i32, [3])], "expected labels [2] for f32[2, 3], found i32[3]"),
    (CrossEntropy(), [matrix, numbers, TensorType(.f32, [2])], "expected weight f32[3] for scores f32[2, 3]"),
    (NegativeLogLikelihood(), [matrix, numbers, TensorType(.i32, [3])], "differ in type: f32 and i32"),
    (CrossEntropy(), [TensorType(.f32, [3]), numbers], "takes floating point [N, C, …], found f32[3]"),
    (CrossEntropy(labelSmoothing: 2), [matrix, numbers], "must lie in 0...1, found 2.0"),
    (Hinge(), [matrix, TensorType(.f32, [2])], "targets of ±1 have the shape of the scores"),
  ]

  @Test(arguments: refusals.indices)
  func refuses(_ place: Int) {
    let (op, operands, words) = Self.refusals[place]
    let error = #expect(throws: OpError.self) { try GraphBuilder.typed(op, operands) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }
}
