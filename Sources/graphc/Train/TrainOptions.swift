import GraphCompiler
import KernelRunner

/// What the user asks of `graphc train`, besides the network.
struct TrainOptions {
  /// Where the samples come from that training does not see.
  enum Validation: Equatable {
    case none
    case files(String)
    /// This share of the training data, chosen by the seed.
    case share(Double)
  }

  let data: String
  let validation: Validation
  let test: String?
  let epochs: Int
  let batch: Int?
  let seed: UInt64?
  let rate: Double?
  let threads: Int
  let scale: Double?
  let labelColumns: [String]
  let classes: ClassNames?
  let out: String?
  let last: String?
  let checkpoint: String?
  let resume: String?
  let report: String?
  let json: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    guard let data = arguments.value(of: "data") else {
      throw UsageError("expected '--data': what to learn from", at: arguments.path)
    }
    self.data = data
    validation = try Self.validation(arguments)
    test = arguments.value(of: "test")
    epochs = try arguments.integer(of: "epochs", in: 1...1_000_000) ?? 1
    batch = try arguments.integer(of: "batch", in: 1...1_000_000)
    seed = try arguments.integer(of: "seed").map { UInt64($0) }
    rate = try Self.number(arguments, "rate") { $0 >= 0 }
    threads = try arguments.threads(default: HostProcessor.processorCount)
    scale = try Self.number(arguments, "scale") { $0 != 0 }
    labelColumns = arguments.values(of: "label-column")
    classes = arguments.value(of: "classes").map(ClassNames.init)
    out = arguments.value(of: "out")
    last = arguments.value(of: "last")
    checkpoint = arguments.value(of: "checkpoint")
    resume = arguments.value(of: "resume")
    report = arguments.value(of: "report")
    json = arguments.flag("json")
    try requireDistinct(arguments)
  }

  private static func validation(_ arguments: ParsedArguments) throws(UsageError) -> Validation {
    let files = arguments.value(of: "validation")
    guard let share = try number(arguments, "split", { $0 > 0 && $0 < 1 }) else {
      return files.map { .files($0) } ?? .none
    }
    if files != nil {
      throw UsageError("options '--validation' and '--split' exclude each other", at: arguments.path)
    }
    return .share(share)
  }

  private static func number(
    _ arguments: ParsedArguments, _ name: String, _ isLegal: (Double) -> Bool
  ) throws(UsageError) -> Double? {
    guard let text = arguments.value(of: name) else { return nil }
    if let value = Double(text), value.isFinite, isLegal(value) { return value }
    let wanted = ["rate": "a number of at least 0", "scale": "a number other than 0"]
    throw UsageError(
      "option '--\(name)' wants \(wanted[name] ?? "a number between 0 and 1"), found '\(text)'",
      at: arguments.path)
  }

  private func requireDistinct(_ arguments: ParsedArguments) throws(UsageError) {
    let files = [("out", out), ("last", last), ("checkpoint", checkpoint)]
    for (place, (name, path)) in files.enumerated() {
      guard let path else { continue }
      for (other, otherPath) in files[..<place] where otherPath == path {
        throw UsageError("options '--\(other)' and '--\(name)' name the same file", at: arguments.path)
      }
    }
  }

  /// Where a run that is interrupted keeps its state; nil where the user names no file for anything.
  var checkpointPath: String? {
    if let path = checkpoint ?? resume { return path }
    return (out ?? last).map { path in
      (path.hasSuffix(".safetensors") ? String(path.dropLast(12)) : path) + ".checkpoint"
    }
  }
}

extension ParsedArguments {
  /// What `--threads` asks for.
  func threads(default usual: Int) throws(UsageError) -> Int {
    try integer(of: "threads", in: 1...Program.mostThreads) ?? min(usual, Program.mostThreads)
  }
}
