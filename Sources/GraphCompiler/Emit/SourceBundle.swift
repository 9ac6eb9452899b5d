import LoopIR
import SourceText

/// Everything that `graphc compile` writes: C sources, a header, a module map and the weights.
package struct SourceBundle: Sendable {
  package struct Options: Sendable, Hashable {
    /// The weights become C source instead of a file of their own.
    package var embedsWeights = false
    /// What the generated files say they were made from: a file name without its folder.
    package var sourceName: String
    /// For which processors there are kernels, the best first.
    package var targets = InstructionSet.all
    /// The module that the module map names; by default the stem of the files.
    package var moduleName: String?

    package init(sourceName: String, targets: [InstructionSet] = InstructionSet.all) {
      (self.sourceName, self.targets) = (sourceName, targets)
    }
  }

  /// Paths are relative to the output folder.
  package var files: [GeneratedFile]
  /// The parameter block; nil where the network has no weights.
  package let weights: WeightsBlob?

  /// The most threads that code shares its work among, where the user does not say.
  package static let usualThreads = 8

  /// Bytes to which buffers, parameters and the arena are aligned: a vector, and a cache line.
  package static let alignment = 64
  /// Bytes in front of the parameters: magic word, hashes, length.
  package static let headerByteCount = 64

  /// The files of planned programs: of one network, for different registers.
  package init(_ programs: [Program], _ options: Options) {
    let program = programs[0]
    let functions = BundleFunction.inference(program)
    let names = functions[0].names
    precondition(programs.allSatisfy { $0.hasInterface(of: program) }, "programs of one network differ in weights")
    let weights = WeightsBlob(program)
    self.weights = names.hasParameters ? weights : nil
    var texts: [(String, String)] = [
      ("include/\(names.module).h", HeaderFile(program, names, options).text),
      ("include/module.modulemap", ModuleMapFile(names, options.moduleName ?? names.module).text),
      ("\(names.module).c", DispatchFile(functions, options, hash: weights.layoutHash).text),
    ]
    texts += options.targets.concurrentMap { target in
      let functions = BundleFunction.inference(programs.first { $0.registers == target.registers } ?? program)
      return ("\(names.module)_\(target.name).c", TargetFile(functions, options, for: target).text)
    }
    if program.threads > 1 { texts.append(("\(names.module)_threads.c", ThreadPoolFile(names, options).text)) }
    files = []
    if names.hasParameters {
      if options.embedsWeights {
        texts.append(("\(names.module)_weights.c", EmbeddedWeightsFile(weights, names, options).text))
      } else {
        files.append(GeneratedFile("\(names.module).weights", weights))
      }
    }
    files = (texts.map { GeneratedFile($0.0, $0.1) } + files).sorted { $0.path < $1.path }
  }
}

/// C names of one program's parts.
struct BundleNames {
  /// Which block of the caller a function works on.
  enum Memory {
    case none, parameters, state
    /// The state, of which nothing changes.
    case constantState

    var argument: String? {
      switch self {
      case .none: nil
      case .parameters: "parameters"
      case .state, .constantState: "state"
      }
    }

    func declaration(_ module: String) -> String? {
      switch self {
      case .none: nil
      case .parameters: "const \(module)_parameters *parameters"
      case .state: "\(module)_state *state"
      case .constantState: "const \(module)_state *state"
      }
    }
  }

  /// Stem of file names and prefix of functions: `lenet5`.
  let module: String
  /// One for each buffer.
  let buffers: [String]
  let memory: Memory

  /// The names of a network that is not trained.
  init(_ program: Program) {
    let hasParameters = program.buffers.contains { $0.role == .parameter }
    self.init(program, memory: hasParameters ? .parameters : .none, fields: [:])
  }

  /// - Parameter fields: C names of stored tensors, where all functions must agree on them.
  init(_ program: Program, memory: Memory, fields: [String: String]) {
    module = Names.identifier(program.name)
    let taken = Set(program.kernels.map(\.name)).union(["arena", "memory", "parameter", "parameters", "state"])
    let own = Names.identifiers(program.buffers.map(\.name), avoiding: taken)
    buffers = zip(program.buffers, own).map { buffer, name in
      buffer.role.isStored ? fields[buffer.name] ?? name : name
    }
    self.memory = memory
  }

  var hasParameters: Bool { memory != .none }

  /// Prefix of macros and constants: `LENET5`.
  var upper: String { module.uppercased() }

  subscript(id: BufferID) -> String { buffers[id.index] }
}

extension Program {
  /// Buffers of one role, in the order of the interface.
  func buffers(_ role: Buffer.Role) -> [BufferID] {
    buffers.indices.filter { buffers[$0].role == role }.map { BufferID($0) }
  }

  /// Bytes of the parameter block, its header included; 0 where there are no parameters.
  package var parameterByteCount: Int {
    buffers.filter { $0.role == .parameter }
      .map { ($0.offset ?? 0) + $0.byteCount.roundedUp(to: SourceBundle.alignment) }.max() ?? 0
  }

  /// Whether code for both can work on the same parameters, in the same arena.
  fileprivate func hasInterface(of other: Program) -> Bool {
    let (own, others) = (buffers(.parameter).map { self[$0] }, other.buffers(.parameter).map { other[$0] })
    let (names, otherNames) = (BundleNames(self), BundleNames(other))
    let fields = buffers(.parameter).map { names[$0] } + [BundleFunction.inference(self)[0].parameters]
    let otherFields = other.buffers(.parameter).map { otherNames[$0] } + [BundleFunction.inference(other)[0].parameters]
    return arenaByteCount == other.arenaByteCount && fields == otherFields
      && own.map(\.offset) == others.map(\.offset) && own.map(\.layout) == others.map(\.layout)
  }

  /// Multiplications and additions of one run.
  package var operationCount: Int { steps.reduce(0) { $0 + $1.provenance.operationCount } }
}
