import LoopIR
import SourceText

/// Everything that `graphc compile` writes: C sources, a header, a module map and the weights.
package struct SourceBundle: Sendable {
  package struct Options: Sendable, Hashable {
    /// The weights become C source instead of a file of their own.
    package var embedsWeights = false
    /// What the generated files say they were made from: a file name without its folder.
    package var sourceName: String
    /// The module that the module map names; by default the stem of the files.
    package var moduleName: String?

    package init(sourceName: String) { self.sourceName = sourceName }
  }

  /// Path relative to the output folder, and contents.
  package var files: [(path: String, contents: [UInt8])]
  /// The parameter block; nil where the network has no weights.
  package let weights: [UInt8]?

  /// Bytes to which buffers, parameters and the arena are aligned: a vector, and a cache line.
  package static let alignment = 64
  /// Bytes in front of the parameters: magic word, hashes, length.
  package static let headerByteCount = 64

  /// The files of a planned program.
  package init(_ program: Program, _ options: Options) {
    let names = BundleNames(program)
    let weights = WeightsBlob(program)
    self.weights = names.hasParameters ? weights.bytes : nil
    let kernels = KernelsFile(program, names, options)
    var texts: [(String, String)] = [
      ("include/\(names.module).h", HeaderFile(program, names, options).text),
      ("include/module.modulemap", ModuleMapFile(names, options.moduleName ?? names.module).text),
      ("\(names.module).c", DispatchFile(program, names, options, hash: weights.layoutHash).text),
      ("\(names.module)_kernels.h", kernels.text),
    ]
    for target in InstructionSet.all {
      texts.append(("\(names.module)_\(target.name).c", target.file(names, options, program)))
    }
    files = []
    if names.hasParameters {
      if options.embedsWeights {
        texts.append(("\(names.module)_weights.c", EmbeddedWeightsFile(weights, names, options).text))
      } else {
        files.append(("\(names.module).weights", weights.bytes))
      }
    }
    files = (texts.map { ($0.0, Array($0.1.utf8)) } + files).sorted { $0.path < $1.path }
  }
}

extension SourceBundle {
  /// A C file with one function, `graphc_entry`, that takes all pointers of the interface as a table: for callers that
  /// load the code at run time.
  package func entryPoint(_ program: Program, _ instructionSet: String) -> String {
    let names = BundleNames(program)
    let buffers = program.buffers(.input) + program.buffers(.output)
    let places = (names.hasParameters ? [0] : []) + (1...buffers.count + 1).map { $0 }
    let function = "\(names.module)_forward_\(instructionSet)"
    return """
      #include "\(names.module).h"
      void \(function)(\(program.interfaceParameters(names)));
      void graphc_entry(void *const *pointers);
      void graphc_entry(void *const *pointers) {
        \(function)(\(places.map { "pointers[\($0)]" }.joined(separator: ", ")));
      }

      """
  }
}

/// C names of one program's parts.
struct BundleNames {
  /// Stem of file names and prefix of functions: `lenet5`.
  let module: String
  /// One for each buffer.
  let buffers: [String]
  let hasParameters: Bool

  init(_ program: Program) {
    module = Names.identifier(program.name)
    let taken = Set(program.kernels.map(\.name)).union(["arena", "memory", "parameters"])
    buffers = Names.identifiers(program.buffers.map(\.name), avoiding: taken)
    hasParameters = program.buffers.contains { $0.role == .parameter }
  }

  /// Prefix of macros and constants: `LENET5`.
  var upper: String { module.uppercased() }

  subscript(id: BufferID) -> String { buffers[id.index] }
}

extension Program {
  /// Buffers of one role, in the order of the interface.
  func buffers(_ role: Buffer.Role) -> [BufferID] {
    buffers.indices.filter { buffers[$0].role == role }.map { BufferID($0) }
  }

  /// `const float *image, float *scores`: the caller's buffers as C parameters.
  func interfaceParameters(_ names: BundleNames) -> String {
    var parts = names.hasParameters ? ["const \(names.module)_parameters *parameters"] : []
    parts += buffers(.input).map { "const \(self[$0].type.element.cName) *\(names[$0])" }
    parts += buffers(.output).map { "\(self[$0].type.element.cName) *\(names[$0])" }
    return (parts + ["void *arena"]).joined(separator: ", ")
  }

  /// `parameters, image, scores, arena`: the same as arguments.
  func interfaceArguments(_ names: BundleNames) -> String {
    let buffers = (buffers(.input) + buffers(.output)).map { names[$0] }
    return ((names.hasParameters ? ["parameters"] : []) + buffers + ["arena"]).joined(separator: ", ")
  }

  /// Bytes of the parameter block, its header included; 0 where there are no parameters.
  var parameterByteCount: Int {
    buffers.filter { $0.role == .parameter }
      .map { ($0.offset ?? 0) + $0.byteCount.roundedUp(to: SourceBundle.alignment) }.max() ?? 0
  }

  /// Multiplications and additions of one run.
  package var operationCount: Int { steps.reduce(0) { $0 + $1.provenance.operationCount } }
}
