import LoopIR
import Testing

@testable import GraphCompiler

/// Normalization, and probabilities from scores.
@Suite struct NormalizationTests {
  @Test(arguments: cases) func values(_ row: NumericCase) throws {
    try row.check()
  }

  static let cases = [
    NumericCase(
      "lrn(f64[1, 4, 1, 1], size: 3, alpha: 0.1, beta: 0.5, k: 1)", [1, 4, 1, 1],
      [-0.6691496051182058, 3.9001625101569553, 1.2734290799340267, -1.777046633277277]),
    NumericCase(
      "lrn(f64[1, 4, 1], size: 4, alpha: 0.1)", [1, 4, 1],
      [-0.4359693576979843, 2.5527820305335944, 0.8560689105870111, -1.1071666233008242]),
    NumericCase(
      "lrn(f64[1, 3, 1], size: 7, alpha: 1, beta: 1, k: 0.5)", [1, 3, 1],
      [-0.15730337078651685, 0.9438202247191012, 0.3146067415730337]),
    NumericCase(
      "batch_norm(f64[2, 2, 2], f64[2], f64[2], f64[2], f64[2], epsilon: 4.5)", [2, 2, 2],
      [-15.063945294843618, 7.797958971132713, 5, 5, 4.531972647421809, -8.53197264742181, 5, 5]),
    NumericCase(
      "layer_norm(f64[2, 3], f64[3], f64[3])", [2, 3],
      [-6.649902722110084, 5, 1.4649902722110086, -6.649902722110084, 5, 1.4649902722110082]),
    NumericCase(
      "layer_norm(f64[1, 2, 3], f64[2, 3], axis: 1, epsilon: 0.5)", [1, 2, 3],
      [
        -3.783621211707669, 0, -0.22256595362986298, -3.8392627001151345, -1.0571882797418488,
        -1.6692446522239717,
      ]),
    NumericCase(
      "instance_norm(f64[1, 2, 2, 2], f64[2], f64[2], epsilon: 0.1)", [1, 2, 2, 2],
      [-4.876779808912305, 4.073201818814866, -1.0410733970292316, -6.155348612873329, 5, 5, 5, 5]),
    NumericCase(
      "group_norm(f64[1, 4, 2], f64[4], f64[4], groups: 2)", [1, 4, 2],
      [
        -4.891588091616818, 4.104463748968837, 5, 5, -3.1767383545576253, 1.963862697205606,
        -7.578347811726628, -0.8313089312873867,
      ]),
    NumericCase(
      "log_softmax(f64[1, 4])", [1, 4],
      [-7.019374087919817, -0.019374087919817207, -4.019374087919817, -8.019374087919818]),
  ]

  /// Scores beyond the range of exp.
  @Test func logSoftmaxOfLargeScores() throws {
    let found = try GraphCompilerTests.results(of: LogSoftmax(), [Given([1, 3], [2000, 1000, 2000])])
    let half = -0.6931471805599453
    #expect(found[0].values == [half, half - 1000, half])
  }

  /// What `fold-batch-norm` moves into weights agrees with the equation.
  @Test func batchNormIsAffine() throws {
    var op = BatchNorm()
    op.epsilon = 0.5
    let parameters: [[Double]] = [[2, -1], [0.5, 3], [1, -4], [3.5, 0]]
    let x = Given([1, 2, 2], [1, 2, 3, 4])
    let found = try GraphCompilerTests.results(of: op, [x] + parameters.map { Given([2], $0) })
    let (scale, shift) = op.scaleAndShift(parameters)
    let expected = [
      scale[0] + shift[0], 2 * scale[0] + shift[0], 3 * scale[1] + shift[1], 4 * scale[1] + shift[1],
    ]
    #expect(zip(found[0].values, expected).allSatisfy(isClose))
    #expect(isClose(found[0].values[1], 1.5))
  }
}
