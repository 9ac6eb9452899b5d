import LoopIR
import SourceText

/// Everything that `graphc compile --train` writes: C sources that train the network, a header, a module map and, where
/// they are not drawn at random, the initial parameters.
package struct TrainingBundle: Sendable {
  /// Paths are relative to the output folder.
  package let files: [GeneratedFile]
  /// The block of initial parameters: a `…_parameters` byte for byte.
  package let weights: WeightsBlob
  /// Where each parameter stands in that block, in bytes.
  package let parameterOffsets: [(name: String, type: TensorType, offset: Int)]
  /// Bytes of the whole state: parameters first, then what the optimizer keeps.
  package let stateByteCount: Int
  package let arenaByteCount: Int

  let functions: [BundleFunction]

  package init(_ compilation: TrainingCompilation, _ options: SourceBundle.Options) {
    let layout = StateLayout(compilation)
    let variants = compilation.functions[0].programs.indices.map { place in
      compilation.functions.map { function in
        BundleFunction(
          name: function.name, summary: function.summary, program: function.programs[place],
          names: BundleNames(function.programs[place], memory: function.memory(layout), fields: layout.fields))
      }
    }
    functions = variants[0]
    let names = functions[0].names
    let blob = WeightsBlob(layout.parameterBlock)
    weights = blob
    parameterOffsets = layout.parameterBlock.buffers.map { ($0.name, $0.type, $0.offset ?? 0) }
    stateByteCount = layout.stateByteCount
    let random = RandomInitFile(layout, names, options, hash: blob.layoutHash)
    let arenas = functions.map(\.program.arenaByteCount) + [random?.arenaByteCount ?? 0]
    let arenaByteCount = arenas.reduce(0, max)
    self.arenaByteCount = arenaByteCount
    let dispatch = DispatchFile(functions, options, hash: blob.layoutHash).text
    var texts: [(String, String)] = [
      ("include/\(names.module).h", TrainingHeader(
        functions, layout, arenaByteCount: arenaByteCount, isRandom: random != nil, options).text),
      ("include/module.modulemap", ModuleMapFile(names, options.moduleName ?? names.module).text),
      ("\(names.module).c", dispatch + (layout.isEmpty ? "" : TrainingState(layout, names).text)),
    ]
    texts += options.targets.concurrentMap { target in
      let functions = variants.first { $0[0].program.registers == target.registers } ?? variants[0]
      return ("\(names.module)_\(target.name).c", TargetFile(functions, options, for: target).text)
    }
    if functions[0].isShared { texts.append(("\(names.module)_threads.c", ThreadPoolFile(names, options).text)) }
    if let random { texts.append(("\(names.module)_init.c", random.text)) }
    var sources = texts.map { GeneratedFile($0.0, $0.1) }
    if !layout.isEmpty, random == nil { sources.append(GeneratedFile("\(names.module).weights", blob)) }
    files = sources.sorted { $0.path < $1.path }
  }

  /// A C file with a function `graphc_entry_NAME` for each function, which takes all pointers as a table.
  package func entryPoints(_ instructionSet: String) -> String {
    SourceBundle.entryPoints(functions, instructionSet, includingKernels: true)
  }
}

extension TrainingCompilation.Function {
  /// The least that it works on.
  fileprivate func memory(_ layout: StateLayout) -> BundleNames.Memory {
    if layout.isEmpty { return .none }
    if changesState { return .state }
    // Dropout reads the number of the step.
    return program.buffers.contains { $0.role == .state } ? .constantState : .parameters
  }
}

/// The blocks that stay from step to step.
struct StateLayout {
  /// Parameters and constants, at their offsets behind the header.
  let parameterBlock: Program
  /// What the optimizer keeps, at offsets behind the parameters.
  let states: [(stored: TrainingPlan.Stored, offset: Int)]
  let parameterCount: Int
  /// C names of everything stored.
  let fields: [String: String]
  let parameterByteCount: Int
  let stateByteCount: Int

  init(_ compilation: TrainingCompilation) {
    let plan = compilation.plan
    var block = Program(name: plan.name)
    block.buffers = (plan.parameters + compilation.constants).map { stored in
      Buffer(
        name: stored.name, type: stored.type, layout: .plain(rank: stored.type.rank), role: .parameter,
        source: stored.source)
    }
    parameterBlock = planArena(block)
    parameterCount = plan.parameters.count
    parameterByteCount = max(SourceBundle.headerByteCount, parameterBlock.parameterByteCount)
    var next = parameterByteCount
    var places: [(stored: TrainingPlan.Stored, offset: Int)] = []
    for state in plan.states {
      places.append((state, next))
      next += max(1, state.type.byteCount).roundedUp(to: SourceBundle.alignment)
    }
    states = places
    stateByteCount = next
    let stored = parameterBlock.buffers.map(\.name) + plan.states.map(\.name)
    let reserved: Set<String> = ["magic", "layout_hash", "checksum", "byte_count", "parameters", "state"]
    fields = Dictionary(
      zip(stored, Names.identifiers(stored, avoiding: reserved)), uniquingKeysWith: { first, _ in first })
  }

  /// Whether nothing stays: there are neither parameters nor constants.
  var isEmpty: Bool { parameterBlock.buffers.isEmpty && states.isEmpty }

  func field(_ name: String) -> String { fields[name] ?? Names.identifier(name) }
}
