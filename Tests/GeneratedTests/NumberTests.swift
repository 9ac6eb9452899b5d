import Foundation
import SourceText
import Testing
import cos_sin_x2
import logistic_regression
import mlp_3_2_2
import perceptron
import xor_mlp
import xyz_product

/// The C of `generated/`, linked into this program, computes the numbers of the lecture notes.
@Suite struct NumberTests {
  @Test func productOfASum() {
    var q: Float = 0
    let f = outputs(XYZ_PRODUCT_F_COUNT, arenaBytes: XYZ_PRODUCT_ARENA_BYTES) { f, arena in
      xyz_product_forward([-2], [5], [-4], &q, f, arena)
    }
    #expect(q == 3)
    #expect(f == [-12])
  }

  @Test(arguments: try lectureNumbers("cos_sin_x2.graph", "x", "J"))
  func cosineOfASine(x: Float, expected: Float) {
    let J = outputs(COS_SIN_X2_J_COUNT, arenaBytes: COS_SIN_X2_ARENA_BYTES) {
      cos_sin_x2_forward([x], $0, $1)
    }
    #expect(abs(J[0] - expected) <= 1e-5)
  }

  @Test func threeInputsTwoHiddenTwoOutputs() throws {
    let memory = try ParameterMemory("mlp_3_2_2")
    let parameters = try #require(memory.block)
    #expect(mlp_3_2_2_check(parameters) == 0)
    let o = outputs(MLP_3_2_2_O_COUNT, arenaBytes: MLP_3_2_2_ARENA_BYTES) {
      mlp_3_2_2_forward(parameters, [10, 30, 20], $0, $1)
    }
    let example = try #require(try Self.lecture("mlp_3_2_2.graph"))
    let expected = try #require(example["outputs"]?["o_O"]?["value"]).numbers
    #expect(expected.count == 2)
    for (got, wanted) in zip(o, expected) { #expect(abs(Double(got) - wanted) <= 1e-6) }
  }

  @Test func untrainedPerceptronSaysMinusOne() throws {
    let memory = try ParameterMemory("perceptron")
    let parameters = try #require(memory.block)
    #expect(perceptron_check(parameters) == 0)
    let o = outputs(PERCEPTRON_O_COUNT, arenaBytes: PERCEPTRON_ARENA_BYTES) {
      perceptron_forward(parameters, [0.5, -2], $0, $1)
    }
    #expect(o == [-1])
  }

  /// The weights are the caller's: those of the logical AND, w and w0, each at a multiple of 64 bytes.
  @Test(arguments: [(0, 0, -1), (0, 1, -1), (1, 0, -1), (1, 1, 1)] as [(Float, Float, Float)])
  func perceptronWithTheWeightsOfAnd(a: Float, b: Float, expected: Float) throws {
    let memory = try ParameterMemory("perceptron")
    memory.bytes.storeBytes(of: 1, toByteOffset: 64, as: Float.self)
    memory.bytes.storeBytes(of: 1, toByteOffset: 68, as: Float.self)
    memory.bytes.storeBytes(of: -1.5, toByteOffset: 128, as: Float.self)
    let parameters = try #require(memory.block)
    #expect(perceptron_check(parameters) == 3, "the checksum is that of the zeros before")
    let o = outputs(PERCEPTRON_O_COUNT, arenaBytes: PERCEPTRON_ARENA_BYTES) {
      perceptron_forward(parameters, [a, b], $0, $1)
    }
    #expect(o == [expected])
  }

  @Test func untrainedLogisticRegressionIsUndecided() throws {
    let memory = try ParameterMemory("logistic_regression")
    let parameters = try #require(memory.block)
    let p = outputs(LOGISTIC_REGRESSION_P_COUNT, arenaBytes: LOGISTIC_REGRESSION_ARENA_BYTES) {
      logistic_regression_forward(parameters, [3, -7], $0, $1)
    }
    #expect(p == [0.5])
  }

  @Test func rowsOfABatchDoNotMix() throws {
    let memory = try ParameterMemory("xor_mlp")
    let parameters = try #require(memory.block)
    let run = { (x: [Float]) in
      outputs(XOR_MLP_P_COUNT, arenaBytes: XOR_MLP_ARENA_BYTES) { xor_mlp_forward(parameters, x, $0, $1) }
    }
    let forward = run([0, 0, 0, 1, 1, 0, 1, 1])
    let backward = run([1, 1, 1, 0, 0, 1, 0, 0])
    #expect(forward == backward.reversed())
    #expect(Set(forward).count == 4)
  }

  /// Pairs of input and output of an entry of `graphs/lectures/expected.json` that has lists of both.
  static func lectureNumbers(_ file: String, _ input: String, _ output: String) throws -> [(Float, Float)] {
    let entry = try lecture(file)
    let inputs = entry?["inputs"]?[input]?.numbers ?? []
    let expected = entry?["outputs"]?[output]?["value"]?.numbers ?? []
    return zip(inputs, expected).map { (Float($0), Float($1)) }
  }

  private static func lecture(_ file: String) throws -> JSON? {
    let url = GeneratedNetwork.graphs.appendingPathComponent("lectures/expected.json")
    let entries = try JSON(parsing: try String(contentsOf: url, encoding: .utf8)).arrayValue ?? []
    return entries.first { $0["file"]?.stringValue == file }
  }
}

extension JSON {
  /// All numbers of nested lists, in order.
  var numbers: [Double] {
    switch self {
    case .int(let value): [Double(value)]
    case .double(let value): [value]
    default: (arrayValue ?? []).flatMap(\.numbers)
    }
  }
}
