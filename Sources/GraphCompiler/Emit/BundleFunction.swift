/// One function of the generated code, and the program that it runs.
struct BundleFunction {
  /// `forward`, `train_step`
  let name: String
  /// One sentence for the header.
  let summary: String
  /// Functions of one bundle have the same kernels.
  let program: Program
  let names: BundleNames

  /// What the functions of a network without training are.
  static func inference(_ program: Program) -> [BundleFunction] {
    [BundleFunction(name: "forward", summary: "", program: program, names: BundleNames(program))]
  }

  /// `const lenet5_parameters *parameters, const float *image, float *scores, void *arena`
  var parameters: String {
    var parts = names.memory.declaration(names.module).map { [$0] } ?? []
    parts += program.buffers(.input).map { "const \(program[$0].type.element.cName) *\(names[$0])" }
    parts += program.buffers(.output).map { "\(program[$0].type.element.cName) *\(names[$0])" }
    return (parts + ["void *arena"]).joined(separator: ", ")
  }

  /// `parameters, image, scores, arena`: the same as arguments.
  var arguments: String {
    let buffers = (program.buffers(.input) + program.buffers(.output)).map { names[$0] }
    return ((names.memory.argument.map { [$0] } ?? []) + buffers + ["arena"]).joined(separator: ", ")
  }

  /// Whether a run may be shared among threads.
  var isShared: Bool { program.threads > 1 }

  /// Parameters of the function that was compiled for one family of processors.
  var ownParameters: String { isShared ? "\(parameters), const \(names.module)_threads *threads" : parameters }

  /// The same as arguments.
  var ownArguments: String { isShared ? "\(arguments), threads" : arguments }
}
