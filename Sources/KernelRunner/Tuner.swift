import Dispatch
import GraphCompiler
import SourceText

/// Finds by measuring on this machine what is faster than what the compiler chooses by itself.
///
/// One word of a choice is settled after the other. For each there are the program as it is so far, and a few in which
/// every kernel has its next candidate. They run in turns, step by step, and the fastest run of a step counts: what else
/// the machine does makes some runs slower, and none faster. A candidate must win twice: in every other round, and in
/// the rounds between.
package struct Tuner {
  /// How the network as a whole came out, in microseconds.
  package struct Outcome: Sendable {
    package let before: Double
    package let now: Double
    /// False where the choices together were slower, so that there are none.
    package let isFaster: Bool
  }

  /// What takes a larger part of the time than this is not worth a choice.
  private static let worthwhileShare = 0.97
  /// Candidates of a kernel, for each word, that are measured.
  private static let candidateLimit = 3
  private static let rounds = 10...40
  private static let secondsPerWord = 8.0

  package private(set) var tuning = Tuning()
  private let compilation: Compilation
  private let convolutions: [TunableConvolution]
  private let build: BuildOptions
  private let inputs: [[UInt8]]

  /// - Parameter build: for which processors, and how large errors may be; a tuning in it does not count.
  package init(_ graph: Graph, _ build: BuildOptions) throws(CompileError) {
    var build = build
    build.tuning = Tuning()
    self.build = build
    compilation = try build.compilation(graph)
    convolutions = compilation.tunableConvolutions
    let tensors = Verification.randomInputs(graph, seed: 1)
    inputs = compilation.program.buffers.filter { $0.role == .input }.map { tensors[$0.name]?.bytes ?? [] }
  }

  /// The program without any choice.
  package var program: Program { compilation.program }

  /// What choices may be about in the network as it is now.
  package var keys: Set<Tuning.Key> {
    get throws(CompileError) {
      Set(convolutions.map(\.key)).union(try compilation.program(tuning).stepsOfSums.keys)
    }
  }

  /// What a word can be chosen for, with the steps that depend on it.
  private func places(_ word: TuningWord, _ program: Program) -> [Tuning.Key: [Int]] {
    if word != .winograd { return program.stepsOfSums }
    return Dictionary(uniqueKeysWithValues: convolutions.map { ($0.key, program.steps(of: $0)) })
  }

  /// Settles one word for every kernel.
  package mutating func measure(_ word: TuningWord) throws {
    let base = try compilation.program(tuning)
    let candidates = try candidates(word, base)
    let count = candidates.values.map(\.count).max() ?? 0
    if count == 0 { return }
    var programs = [base]
    for place in 0..<count {
      var tuning = tuning
      for (key, values) in candidates where place < values.count {
        tuning.choices[key, default: .init()][word] = values[place]
      }
      programs.append(try compilation.program(tuning))
    }
    let halves = Self.inTurns(try networks(programs)) { $0.runStepByStep(times: $1) }
    let places = programs.map { self.places(word, $0) }
    for (key, values) in candidates {
      let times = halves.map { half in
        zip(places, half).prefix(values.count + 1).map { places, steps in
          places[key, default: []].reduce(0) { $0 + steps[$1] }
        }
      }
      settle(word, key, values, times)
    }
  }

  /// - Parameter halves: times of the program as it was, then of each value, for each half of the rounds.
  private mutating func settle(_ word: TuningWord, _ key: Tuning.Key, _ values: [Int], _ halves: [[Double]]) {
    let times = halves[0].indices.map { place in halves.map { $0[place] }.min() ?? .infinity }
    guard let best = values.indices.min(by: { times[$0 + 1] < times[$1 + 1] }),
      halves.allSatisfy({ $0[best + 1] < Self.worthwhileShare * $0[0] })
    else { return }
    var choice = tuning.choices[key] ?? Tuning.Choice()
    choice[word] = values[best]
    choice.times = Tuning.Times(now: rounded(times[best + 1]), before: choice.times?.before ?? rounded(times[0]))
    tuning.choices[key] = choice
  }

  private func rounded(_ microseconds: Double) -> Double { (microseconds * 10).rounded() / 10 }

  /// Values of a word that give a kernel other loops than it has, the most promising first.
  private func candidates(_ word: TuningWord, _ base: Program) throws(CompileError) -> [Tuning.Key: [Int]] {
    let places = places(word, base)
    var seen = places.mapValues { Set([base.loops(of: $0)]) }
    var found: [Tuning.Key: [Int]] = [:]
    for value in word.candidates {
      let open = places.keys.filter { found[$0, default: []].count < Self.candidateLimit }
      var tuning = tuning
      for key in open { tuning.choices[key, default: .init()][word] = value }
      let program = try compilation.program(tuning)
      let changed = self.places(word, program)
      for key in open where seen[key]?.insert(program.loops(of: changed[key, default: []])).inserted == true {
        found[key, default: []].append(value)
      }
    }
    return found
  }

  /// Compares all choices together with none; where they are slower, there are none.
  package mutating func finish() throws -> Outcome {
    let programs = tuning.isEmpty ? [program] : [program, try compilation.program(tuning)]
    let halves = Self.inTurns(try networks(programs)) { [$0.run(times: $1)] }
    let fastest = programs.indices.map { place in halves.map { $0[place][0] }.min() ?? .infinity }
    let isFaster = fastest.count > 1 && fastest[1] <= fastest[0]
    if !isFaster { tuning = Tuning() }
    return Outcome(before: fastest[0], now: fastest[fastest.count - 1], isFaster: isFaster)
  }

  private func networks(_ programs: [Program]) throws -> [ProfiledNetwork] {
    var networks: [ProfiledNetwork] = []
    for program in programs {
      networks.append(try ProfiledNetwork(program, inputs: inputs, build, like: networks.first))
    }
    return networks
  }

  /// The least of each time that the networks took in rounds in which each had its turn, for each half of the rounds.
  private static func inTurns(
    _ networks: [ProfiledNetwork], _ measure: (ProfiledNetwork, _ times: Int) -> [Double]
  ) -> [[[Double]]] {
    let start = DispatchTime.now().uptimeNanoseconds
    let first = networks.map { measure($0, 1) }
    var halves = [first, first]
    for round in 0..<rounds.upperBound {
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
      if round >= rounds.lowerBound, seconds > secondsPerWord { break }
      for (place, network) in networks.enumerated() {
        // Brings the network back into the caches.
        let once = network.run(times: 1)
        let times = measure(network, ProfiledNetwork.repetitions(once))
        halves[round % 2][place] = zip(halves[round % 2][place], times).map { min($0, $1) }
      }
    }
    return halves
  }
}

extension TuningWord {
  /// Values that are tried.
  fileprivate var candidates: [Int] {
    switch self {
    case .winograd: [4, 3, 2, 0]
    case .vectors: [4, 1, 2, 3]
    case .tile: [28, 10, 7, 12, 5, 4, 3, 20]
    case .unroll: [8, 2]
    case .prefetch: [0, 256, 1024]
    }
  }
}

extension Program {
  /// The steps of every sum of products.
  fileprivate var stepsOfSums: [Tuning.Key: [Int]] {
    var places: [Tuning.Key: [Int]] = [:]
    for (place, step) in steps.enumerated() {
      for key in Set(tuningKeys(of: step)) { places[key, default: []].append(place) }
    }
    return places
  }

  /// The steps of a convolution, and the transform of its input where that is a step of its own.
  fileprivate func steps(of convolution: TunableConvolution) -> [Int] {
    let values = Set(convolution.values.flatMap { [$0, "\($0).tiles"] })
    return steps.indices.filter { values.contains(steps[$0].provenance.value) }
  }

  /// Tells apart how steps compute.
  fileprivate func loops(of places: [Int]) -> String {
    places.map { place in
      let kernel = kernels[steps[place].kernel]
      return kernel.equations.map(\.description).joined() + kernel.schedule.description
    }.joined(separator: "\n")
  }
}
