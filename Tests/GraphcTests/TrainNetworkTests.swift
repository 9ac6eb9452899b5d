import Datasets
import Foundation
import GraphCompiler
import KernelRunner
import SourceText
import TensorFiles
import Testing

@testable import graphc

/// `graphc train` with code that it generates and compiles.
@Suite(.serialized) struct TrainNetworkTests {
  private static let graphs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("graphs")

  private func graph(_ name: String) -> String { Self.graphs.appendingPathComponent("\(name).graph").path }

  /// The loss of the last epoch.
  private func lastLoss(_ outcome: Workspace.Outcome) throws -> Double {
    let line = try #require(outcome.output.split(separator: "\n").last)
    guard case .double(let loss)? = try JSON(parsing: String(line))["loss"] else { return .nan }
    return loss
  }

  @Test(arguments: [0, 1, 2]) func exclusiveOrIsLearned(_ seed: Int) throws {
    let workspace = try Workspace()
    try workspace.write("xor.csv", "a,b,target\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n")
    let outcome = try workspace.graphc(
      "train \(graph("xor_mlp")) --data xor.csv --epochs 500 --seed \(seed) --json --out xor.safetensors")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try lastLoss(outcome) < 0.01)
    #expect(try workspace.contents() == ["xor.csv", "xor.safetensors"])
  }

  @Test func thePerceptronLearnsAnd() throws {
    let workspace = try Workspace()
    try workspace.write("and.csv", "a,b,target\n0,0,-1\n0,1,-1\n1,0,-1\n1,1,1\n")
    let outcome = try workspace.graphc(
      "train \(graph("perceptron")) --data and.csv --epochs 100 --json --out and.safetensors")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.split(separator: "\n").count < 100, "it ends where no mistake is left")
    let file = try SafetensorsFile.read(workspace.path("and.safetensors"))
    let (w, bias) = (try #require(file["w"]).floats(), try #require(file["w0"]).floats()[0])
    for (a, b, isTrue) in [(0, 0, false), (0, 1, false), (1, 0, false), (1, 1, true)]
      as [(Float, Float, Bool)]
    {
      #expect((a * w[0] + b * w[1] + bias > 0) == isTrue)
    }
  }

  @Test func thePerceptronRefusesExclusiveOr() throws {
    let workspace = try Workspace()
    try workspace.write("xor.csv", "a,b,target\n0,0,-1\n0,1,1\n1,0,1\n1,1,-1\n")
    let outcome = try workspace.graphc("train \(graph("perceptron")) --data xor.csv --epochs 100")
    #expect(outcome.status == 1)
    #expect(
      outcome.headline == "error: graph 'perceptron' still makes mistakes after 100 epochs",
      "\(outcome.headline)")
    #expect(outcome.errors.contains("no plane may divide the classes"))
    let batch = try workspace.graphc("train \(graph("perceptron")) --data xor.csv --batch 4")
    #expect(batch.status == 1)
    #expect(batch.headline.hasPrefix("error: expected a batch of 1, since mistakes are corrected one by one"))
  }

  /// Convolution, batch statistics, dropout, momentum, variations and a schedule: all that has state or chance.
  private static let network = """
    graph small(N = 8) {
      input image: f32[N, 1, 6, 6]
      image -> conv(4, kernel: 3, pad: 1) -> batch_norm -> relu -> maxpool(2) -> flatten -> dropout(0.3) -> scores: fc(3)
      output scores
      train {
        input label: i32[N]
        minimize cross_entropy(scores, label)
        with adam(rate: 0.01)
        schedule cosine(epochs: 3)
        clip norm(1)
        augment scale(by: 255)
        augment flip()
        augment crop(pad: 1)
      }
    }
    """

  private func smallData(_ workspace: Workspace) throws {
    let pixels = (0..<50 * 36).map { UInt8(truncatingIfNeeded: $0 &* 97 &+ $0 / 36 % 3 * 80) }
    try workspace.write("images.npy", StoredTensor(shape: [50, 6, 6], pixels))
    try workspace.write("labels.npy", StoredTensor(shape: [50], (0..<50).map { UInt8($0 % 3) }))
    try workspace.write("small.graph", Self.network)
  }

  private func bytes(_ workspace: Workspace, _ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: workspace.path(name)).map(Array.init)
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    let workspace = try Workspace()
    try smallData(workspace)
    let line = "train small.graph --data images.npy,labels.npy --batch 8 --epochs 3 --split 0.2"
    for (name, seed, threads) in [("a", 5, 1), ("b", 5, 3), ("c", 6, 2)] {
      let outcome = try workspace.graphc("\(line) --seed \(seed) --threads \(threads) --last \(name) --checkpoint \(name).state")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let first = try #require(bytes(workspace, "a"))
    #expect(first == bytes(workspace, "b") && bytes(workspace, "a.state") == bytes(workspace, "b.state"))
    #expect(first != bytes(workspace, "c"))
  }

  /// A run of one epoch whose checkpoint goes on for two more is a run of three, since the schedule is the network's.
  @Test func goingOnGivesTheSameBits() throws {
    let workspace = try Workspace()
    try smallData(workspace)
    let line = "train small.graph --data images.npy,labels.npy --batch 8"
    for rest in [
      "--epochs 3 --seed 5 --last whole", "--epochs 1 --seed 5 --checkpoint part",
      "--epochs 3 --resume part --last resumed",
    ] {
      let outcome = try workspace.graphc("\(line) \(rest)")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let whole = try #require(bytes(workspace, "whole"))
    #expect(whole == bytes(workspace, "resumed"))
  }

  /// The engine stops between two steps of an epoch, as after Ctrl-C.
  @Test func interruptedBetweenStepsGivesTheSameBits() throws {
    let graph = try GraphParser.parse(SourceFile(path: "small.graph", text: Self.network)).graph
    let engine = try TrainingEngines.make(graph, seed: 9)
    let start = engine.snapshot
    let whole = try run(engine, graph, stoppingAfter: .max).snapshot
    try engine.restore(start)
    let part = try run(engine, graph, stoppingAfter: 7)
    try engine.restore(start)
    let resumed = try run(engine, graph, stoppingAfter: .max, from: part)
    #expect(resumed.snapshot == whole)
    #expect(part.snapshot != whole)
  }

  private func run(
    _ engine: any TrainingEngine, _ graph: Graph, stoppingAfter steps: Int,
    from earlier: (state: TrainingState, snapshot: [UInt8])? = nil
  ) throws -> (state: TrainingState, snapshot: [UInt8]) {
    let workspace = try Workspace()
    try smallData(workspace)
    let columns = [try workspace.tensor("images.npy"), try workspace.tensor("labels.npy")]
    let augmentation = try Augmentation(graph)
    let demand = DataDemand(engine, graph, augmentation, divisor: nil)
    let data = try TrainingData(Dataset(name: "data", columns: columns), demand)
    if let earlier { try engine.restore(earlier.snapshot) }
    let section = try #require(graph.train)
    var trainer = Trainer(
      engine, training: Batches(data: data, samples: Array(0..<50), size: 8), validation: nil,
      augmentation: augmentation, schedule: try LearningRateSchedule(section, rate: 0.01), seed: 9, epochs: 3,
      state: earlier?.state ?? TrainingState())
    var done = 0
    let isFinished = try trainer.run(isInterrupted: { done >= steps }) { _, event in
      if case .step = event { done += 1 }
    }
    #expect(isFinished == (steps == .max))
    return (trainer.state, engine.snapshot)
  }
}
