import Foundation
import LoopIR
import Testing

@testable import GraphCompiler

@Suite struct PointwiseTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var op: any Op
    var expected: @Sendable (Double) -> Double

    init(_ op: any Op, _ expected: @escaping @Sendable (Double) -> Double) {
      self.op = op
      self.expected = expected
    }

    var testDescription: String { "\(op)" }
  }

  static let points: [Double] = [
    -800, -20, -6, -3, -2.5, -1.5, -1, -0.5, -1e-3, 0, 1e-3, 0.5, 1, 1.5, 2.5, 3, 6, 20, 800,
  ]

  static let unary: [Case] = [
    Case(Abs()) { $0.magnitude }, Case(Neg()) { -$0 }, Case(Sqrt()) { $0.squareRoot() },
    Case(Exp()) { exp($0) }, Case(Log()) { log($0) }, Case(Erf()) { 1 - erfc($0) },
    Case(Reciprocal()) { pow($0, -1) },
    Case(Sin()) { sin($0) }, Case(Cos()) { cos($0) }, Case(Tan()) { sin($0) / cos($0) },
    Case(Tanh()) { 1 - 2 / (exp(2 * $0) + 1) }, Case(Floor()) { floor($0) }, Case(Ceil()) { ceil($0) },
    Case(Round()) { rint($0) }, Case(Identity()) { $0 }, Case(Dropout(rate: 0.3)) { $0 },
    Case(Sign()) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, Case(StepFunction()) { $0 >= 0 ? 1 : 0 },
    Case(Relu()) { $0 > 0 ? $0 : 0 }, Case(LeakyRelu(alpha: 0.2)) { $0 > 0 ? $0 : $0 / 5 },
    Case(Relu6()) { $0 > 6 ? 6 : $0 > 0 ? $0 : 0 },
    Case(Elu(alpha: 2)) { $0 > 0 ? $0 : 2 * expm1($0) },
    Case(Selu()) { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * expm1($0)) },
    Case(Sigmoid()) { 0.5 + 0.5 * tanh($0 / 2) }, Case(Silu()) { $0 * (0.5 + 0.5 * tanh($0 / 2)) },
    Case(Softplus()) { $0 > 100 ? $0 : log1p(exp($0)) },
    Case(Mish()) { $0 * tanh($0 > 100 ? $0 : log1p(exp($0))) },
    Case(Gelu()) { $0 * 0.5 * erfc(-$0 / sqrt(2)) },
    Case(Gelu(approximate: .tanh)) {
      0.5 * $0 * (1 + tanh(0.7978845608028654 * ($0 + 0.044715 * pow($0, 3))))
    },
    Case(HardSigmoid()) { $0 < -3 ? 0 : $0 > 3 ? 1 : ($0 + 3) / 6 },
    Case(HardSigmoid(alpha: 0.2)) { $0 < -2.5 ? 0 : $0 > 2.5 ? 1 : $0 / 5 + 0.5 },
    Case(HardSwish()) { $0 < -3 ? 0 : $0 > 3 ? $0 : $0 * ($0 + 3) / 6 },
    Case(Softsign()) { $0 / (1 + abs($0)) }, Case(Clip(min: -1, max: 2)) { $0 < -1 ? -1 : $0 > 2 ? 2 : $0 },
    Case(Clip(min: 0)) { $0 < 0 ? 0 : $0 }, Case(ClampedLog()) { $0 <= 0 ? -100 : max(-100, log($0)) },
    Case(Cast(to: .i32)) { trunc($0) }, Case(Cast(to: .bool)) { $0 == 0 ? 0 : 1 },
    Case(Cast(to: .f64)) { $0 },
  ]

  @Test(arguments: unary)
  func agreesWithFormula(_ sample: Case) throws {
    let found = try results(of: sample.op, [Given([Self.points.count], Self.points)])[0]
    for (point, value) in zip(Self.points, found.values) {
      #expect(
        isClose(value, sample.expected(point)), "at \(point): \(value), expected \(sample.expected(point))")
    }
  }

  struct Pair: Sendable, CustomTestStringConvertible {
    var op: any Op
    var expected: @Sendable (Double, Double) -> Double

    init(_ op: any Op, _ expected: @escaping @Sendable (Double, Double) -> Double) {
      self.op = op
      self.expected = expected
    }

    var testDescription: String { "\(op)" }
  }

  static let binary: [Pair] = [
    Pair(Add()) { $0 + $1 }, Pair(Sub()) { $0 - $1 }, Pair(Mul()) { $0 * $1 }, Pair(Div()) { $0 / $1 },
    Pair(Pow()) { pow($0, $1) }, Pair(Max()) { Swift.max($0, $1) }, Pair(Min()) { Swift.min($0, $1) },
    Pair(Equal()) { $0 == $1 ? 1 : 0 }, Pair(NotEqual()) { $0 == $1 ? 0 : 1 },
    Pair(Less()) { $0 < $1 ? 1 : 0 }, Pair(LessEqual()) { $0 <= $1 ? 1 : 0 },
    Pair(Greater()) { $0 > $1 ? 1 : 0 }, Pair(GreaterEqual()) { $0 >= $1 ? 1 : 0 },
  ]

  /// Every point against every other, as a column against a row.
  @Test(arguments: binary)
  func broadcastsFormula(_ sample: Pair) throws {
    let count = Self.points.count
    let found = try results(of: sample.op, [Given([count, 1], Self.points), Given([count], Self.points)])[0]
    #expect(found.shape == [count, count])
    for (place, value) in found.values.enumerated() {
      let (a, b) = (Self.points[place / count], Self.points[place % count])
      #expect(isClose(value, sample.expected(a, b)), "at \(a), \(b): \(value)")
    }
  }

  @Test func choosesAndCombines() throws {
    let (a, b) = (Given([4], [0, 0, 1, 1], .bool), Given([4], [0, 1, 0, 1], .bool))
    #expect(try results(of: And(), [a, b])[0].values == [0, 0, 0, 1])
    #expect(try results(of: Or(), [a, b])[0].values == [0, 1, 1, 1])
    #expect(try results(of: Not(), [b])[0].values == [1, 0, 1, 0])
    let chosen = try results(of: Where(), [b, Given([4], [1, 2, 3, 4]), Given([], [9])])[0]
    #expect(chosen.values == [9, 2, 9, 4])
    let largest = try results(of: Max(), [Given([2], [1, 8]), Given([1], [3]), Given([], [2])])[0]
    #expect(largest.values == [3, 8])
  }

  @Test func slopesBelongToChannels() throws {
    let x = Given([1, 2, 2], [-2, 4, -6, 8])
    #expect(try results(of: Prelu(), [x, Given([2], [0.5, 10])])[0].values == [-1, 4, -60, 8])
    #expect(try results(of: Prelu(), [x, Given([1], [0.5])])[0].values == [-1, 4, -3, 8])
  }

  @Test func integersStayIntegers() throws {
    let x = Given([3], [-7, 0, 200], .i16)
    #expect(try results(of: Relu(), [x])[0].values == [0, 0, 200])
    #expect(try results(of: Relu6(), [x])[0].values == [0, 0, 6])
    #expect(try results(of: Clip(min: -1, max: 100), [x])[0].values == [-1, 0, 100])
    #expect(try results(of: Abs(), [x])[0].values == [7, 0, 200])
    #expect(try results(of: Sign(), [x])[0].values == [-1, 0, 1])
  }

  /// What does not fit, and words that the message must have.
  static let refusals: [(any Op, [TensorType], String)] = [
    (Add(), [TensorType(.f32, [2, 3]), TensorType(.f32, [2])], "[2, 3] and [2]"),
    (Add(), [TensorType(.f32, [2]), TensorType(.i32, [2])], "f32 and i32"),
    (Add(), [TensorType(.bool, [2]), TensorType(.bool, [2])], "takes numbers, found bool[2]"),
    (Exp(), [TensorType(.i32, [2])], "takes floating point, found i32[2]"),
    (Neg(), [TensorType(.u8, [2])], "found u8[2]"),
    (Not(), [TensorType(.f32, [2])], "takes bool"),
    (Where(), [TensorType(.f32, [2]), TensorType(.f32, [2]), TensorType(.f32, [2])], "takes bool"),
    (Where(), [TensorType(.bool, [2]), TensorType(.f32, [2]), TensorType(.i32, [2])], "f32[2] and i32[2]"),
    (Clip(min: 1, max: 0), [TensorType(.f32, [2])], "'min' 1.0 is above 'max' 0.0"),
    (Clip(min: -1), [TensorType(.u8, [2])], "expected a number of type u8"),
    (Clip(max: 0.5), [TensorType(.i32, [2])], "expected a number of type i32"),
    (Dropout(rate: 1), [TensorType(.f32, [2])], "below 1, found 1.0"),
    (Prelu(), [TensorType(.f32, [2, 3]), TensorType(.f32, [2])], "expected slope [3] or [1]"),
    (Max(), [], "takes (x…), found 0"),
  ]

  @Test(arguments: refusals.indices)
  func refuses(_ place: Int) {
    let (op, operands, words) = Self.refusals[place]
    let error = #expect(throws: OpError.self) { try GraphBuilder.typed(op, operands) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func slopeIsImplied() throws {
    let implied = try Prelu().impliedParameters([TensorType(.f32, [1, 6, 5, 5])], LayerArguments([:]))
    #expect(implied == [ImpliedParameter("slope", TensorType(.f32, [6]), .constant(0.25))])
  }
}
