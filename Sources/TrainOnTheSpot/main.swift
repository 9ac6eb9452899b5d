// Trains LeNet-5 on the spot, by the C code in generated/lenet5_trainer: on 192 images of clothes, in a second or two.
// Then it looks at 64 others.
//
//     swift run -c release TrainOnTheSpot [WEIGHTS.safetensors]

import Foundation
import TensorFiles

/// Numbers of samples in another order: a linear congruential generator (Knuth 1981) is random enough for that.
func shuffled(_ count: Int, _ state: inout UInt64) -> [Int] {
  var order = Array(0..<count)
  for last in stride(from: count - 1, to: 0, by: -1) {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    order.swapAt(last, Int((state >> 33) % UInt64(last + 1)))
  }
  return order
}

/// From 0 to 1.
func accuracy(_ said: [Int], _ labels: ArraySlice<Int32>) -> Float {
  Float(zip(said, labels).count { $0 == Int($1) }) / Float(max(1, said.count))
}

func trainOnTheSpot(saving path: String) throws {
  let samples = try Samples()
  let trainingCount = 192
  let epochs = 30
  let learner = Learner(seed: 1)
  var (random, losses) = (UInt64(1), [Float]())
  print(
    "LeNet-5, \(trainingCount) images to learn from, \(samples.images.count - trainingCount) to be asked about\n"
  )
  let start = Date()
  for epoch in 0..<epochs {
    let order = shuffled(trainingCount, &random)
    var total: Float = 0
    for first in stride(from: 0, to: trainingCount, by: Learner.batch) {
      let batch = order[first..<first + Learner.batch]
      let images = batch.flatMap { samples.images[$0] }
      total += learner.step(images, batch.map { samples.labels[$0] }, rate: epoch < 24 ? 0.03 : 0.006)
    }
    losses.append(total * Float(Learner.batch) / Float(trainingCount))
  }
  let seconds = Float(Date().timeIntervalSince(start))
  print("loss by epoch:\n\(Pictures.curve(losses))")
  print("\(epochs) epochs in \(Pictures.decimal(seconds, digits: 2)) s")
  show(learner, samples, trainingCount)
  try learner.save(to: path)
  print(
    "\nThe weights are in \(path). graphc reads them too: graphc run graphs/lenet5.graph --weights \(path) …")
}

func show(_ learner: Learner, _ samples: Samples, _ trainingCount: Int) {
  let said = learner.classes(of: samples.images)
  let known = accuracy(Array(said[..<trainingCount]), samples.labels[..<trainingCount])
  let new = accuracy(Array(said[trainingCount...]), samples.labels[trainingCount...])
  print("accuracy on what it learned from: \(Pictures.decimal(100 * known, digits: 1)) %")
  print("accuracy on what it never saw:    \(Pictures.decimal(100 * new, digits: 1)) %\n")
  let shown = Array(trainingCount..<trainingCount + 4)
  let captions = shown.map { place in
    let (name, truth) = (samples.classNames[said[place]], samples.classNames[Int(samples.labels[place])])
    return name == truth ? name : "\(name)? no, \(truth)"
  }
  if isatty(STDOUT_FILENO) == 1 {
    print(Pictures.row(shown.map { samples.images[$0] }, captions: captions), terminator: "")
  } else {
    print(captions.joined(separator: "\n"))
  }
}

do {
  try trainOnTheSpot(saving: CommandLine.arguments.dropFirst().first ?? "learned.safetensors")
} catch {
  FileHandle.standardError.write(Data("TrainOnTheSpot: error: \(error)\n".utf8))
  exit(1)
}
