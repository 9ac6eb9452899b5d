import Foundation
import GraphCompiler
import KernelRunner
import SourceText
import Testing

/// Numbers of the lecture notes by generated training code: gradients, deltas, and weights after a step. The exact ones
/// are those of double precision; where the notes round or err, their digits stand beside them.
@Suite struct LectureTrainingTests {
  /// The functions of `graphs/NAME.graph`, with gradients by these values.
  private func functions(_ name: String, wrt targets: [String] = []) throws -> TrainingLibrary {
    let graph = try RepositoryGraphs.parse("\(name).graph")
    return try TrainingLibrary(TrainingPlan(graph, gradientsBy: targets), BuildOptions(optimization: "-O1"))
  }

  private func bytes(_ values: [Float]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

  private func run(
    _ library: TrainingLibrary, _ function: String, _ inputs: [String: [Float]]
  ) -> [String: [Double]] {
    let outputs = library.run(function) { bytes(inputs[$0] ?? []) }
    return Dictionary(outputs.map { ($0.name, $0.tensor.doubles) }, uniquingKeysWith: { first, _ in first })
  }

  private func near(_ a: [Double]?, _ b: [Double], _ tolerance: Double) -> Bool {
    a?.count == b.count && zip(a ?? [], b).allSatisfy { abs($0 - $1) <= tolerance * max(1e-3, abs($1)) }
  }

  @Test func productOfSumAndNumber() throws {
    let library = try functions("xyz_product", wrt: ["x", "y", "z", "q"])
    let got = run(library, "backward", ["x": [-2], "y": [5], "z": [-4]])
    #expect(got["q"] == [3] && got["f"] == [-12] && got["loss"] == [-12])
    #expect(got["grad.x"] == [-4] && got["grad.y"] == [-4] && got["grad.z"] == [3] && got["grad.q"] == [-4])
  }

  /// x, J, dJ/du, dJ/dt, dJ/dx: t = x^2 is used twice, so that two contributions add up.
  @Test func cosineOfSines() throws {
    let library = try functions("cos_sin_x2", wrt: ["x", "t", "u"])
    for (x, J, du, dt, dx) in [
      (-1.5, 0.32016953504752904, -0.9473602634834591, -2.2469740617144045, 6.740922185143214),
      (-0.5, 0.5424849757140324, -0.840065504067716, -3.334146414144972, 3.334146414144972),
      (0.5, 0.5424849757140324, -0.840065504067716, -3.334146414144972, -3.334146414144972),
      (1, -0.7649205628044862, 0.6441246250523792, 2.2803958953393892, 4.5607917906787785),
      (2, 0.24510036817001535, 0.9694977099111286, 2.2747871362080962, 9.099148544832385),
    ] as [(Double, Double, Double, Double, Double)] {
      let got = run(library, "backward", ["x": [Float(x)]])
      #expect(near(got["loss"], [J], 2e-6) && near(got["grad.u"], [du], 2e-6), "x = \(x): \(got)")
      #expect(near(got["grad.t"], [dt], 2e-6) && near(got["grad.x"], [dx], 2e-6), "x = \(x): \(got)")
    }
    let flat = run(library, "backward", ["x": [0]])
    #expect(flat["loss"] == [1] && flat["grad.x"]?[0] == 0)
  }

  private static let example: [String: [Float]] = ["x": [10, 30, 20], "t": [1, 0]]

  /// The deltas of the notes are minus the gradients by the net inputs. They print -0.0000705 for the first hidden one, a
  /// tenth more than it is, and digits of the others.
  @Test func deltasOfTheSmallPerceptron() throws {
    let library = try functions("mlp_3_2_2", wrt: ["net_h", "net_o"])
    let got = run(library, "backward", Self.example)
    #expect(near(got["loss"], [0.48921962571714017], 1e-6))
    #expect(near(got["o"], [0.7501977303589019, 0.9570987814831009], 1e-6))
    #expect(near(got["grad.net_o"], [-0.04681321904489758, 0.039299149733332796], 1e-5))
    // 1 - h has four digits less than h.
    #expect(near(got["grad.net_h"], [6.401842535619544e-05, 0.00027455598689778566], 2e-4))
    #expect(
      near(
        got["grad.W2"],
        [-0.04677056980577299, 0.039263346196029315, -3.133138963533919e-4, 2.6302335061634508e-4], 1e-4))
    // As printed, where the notes are right: delta_H2 and the outputs' deltas, cut after the fourth digit.
    #expect(abs((got["grad.net_h"]?[1] ?? 0) - 0.000275) < 5e-7)
    #expect(
      abs((got["grad.net_o"]?[0] ?? 0) + 0.0469) < 1e-4 && abs((got["grad.net_o"]?[1] ?? 0) - 0.0394) < 2e-4)
  }

  @Test func weightsOfTheSmallPerceptronAfterAStep() throws {
    let library = try functions("mlp_3_2_2")
    var inputs = Self.example
    inputs["rate"] = [0.1]
    _ = run(library, "train_step", inputs)
    let stored = Dictionary(
      library.bundle.parameterOffsets.map { name, type, offset in
        (name, TensorData(type, bytes: library.stored(type, at: offset)).doubles)
      }, uniquingKeysWith: { first, _ in first })
    let W1 = [
      0.19993598157464382, 0.6997254440131022, -0.10019205527606859, -1.2008236679606934, 0.39987196314928763,
      1.1994508880262045,
    ]
    let W2 = [1.1046770569805773, 3.096073665380397, 0.10003133138963534, 1.1699736976649382]
    #expect(near(stored["W1"], W1, 2e-7), "\(stored)")
    #expect(near(stored["W2"], W2, 2e-7), "\(stored)")
    // As printed: 3.09606, 0.1000314, 1.1699736 for W2; 0.699725, -1.200825, 1.19945 for W1. The notes lose a factor of
    // ten in 1.100469 and add the wrong row in -0.1000705.
    #expect(abs((stored["W2"]?[1] ?? 0) - 3.09606) < 2e-5 && abs((stored["W2"]?[2] ?? 0) - 0.1000314) < 1e-7)
    #expect(abs((stored["W1"]?[1] ?? 0) - 0.699725) < 1e-6 && abs((stored["W1"]?[5] ?? 0) - 1.19945) < 1e-6)
  }

  @Test func backwardAndUpdateAreAStep() throws {
    let (whole, parts) = (try functions("mlp_3_2_2"), try functions("mlp_3_2_2"))
    var inputs = Self.example
    inputs["rate"] = [0.1]
    _ = run(whole, "train_step", inputs)
    for (name, gradient) in run(parts, "backward", inputs) where name.hasPrefix("grad.") {
      inputs[name] = gradient.map { Float($0) }
    }
    _ = run(parts, "update", inputs)
    #expect(whole.snapshot == parts.snapshot)
  }

  @Test func gradientsOfWhatIsNotThere() throws {
    let lenet5 = try RepositoryGraphs.parse("lenet5.graph")
    for (target, message) in [
      ("nobody", "no value is named 'nobody'"),
      ("label", "'label' has elements of type i32, which have no gradient"),
    ] {
      let error = #expect(throws: CompileError.self) { try TrainingPlan(lenet5, gradientsBy: [target]) }
      #expect(error?.diagnostics.first?.message == message)
    }
    #expect(throws: (any Error).self) { try TrainingPlan(RepositoryGraphs.parse("xyz_product.graph")) }
  }
}
