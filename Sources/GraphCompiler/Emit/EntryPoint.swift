import LoopIR

extension SourceBundle {
  /// A C file with one function, `graphc_entry_forward`, that takes all pointers of the interface as a
  /// table: for callers that load the code at run time.
  /// - Parameter includingKernels: whether the file holds the kernels too, so that no other one is needed.
  package func entryPoint(
    _ program: Program, _ instructionSet: String, includingKernels: Bool = false
  ) -> String {
    Self.entryPoints(BundleFunction.inference(program), instructionSet, includingKernels: includingKernels)
  }

  /// One entry point for each function: `graphc_entry_forward`.
  static func entryPoints(
    _ functions: [BundleFunction], _ instructionSet: String, includingKernels: Bool
  ) -> String {
    let module = functions[0].names.module
    var text = "#include \"\(includingKernels ? "\(module)_\(instructionSet).c" : "\(module).h")\"\n"
    let isShared = functions[0].isShared
    if isShared {
      text += """
        static const \(module)_threads *threads;
        int graphc_start(int count);
        int graphc_start(int count) {
          threads = \(module)_threads_start(count);
          return threads ? threads->count : 0;
        }
        void graphc_stop(void);
        void graphc_stop(void) {
          \(module)_threads_stop(threads);
          threads = 0;
        }

        """
    }
    for function in functions {
      let callee = "\(module)_\(function.name)_\(instructionSet)"
      let entry = "void graphc_entry_\(function.name)(void *const *pointers)"
      text += """
        void \(callee)(\(function.ownParameters));
        \(entry);
        \(entry) {
          \(callee)(\(function.tableArguments.joined(separator: ", ")));
        }

        """
    }
    return text
  }

  /// The same with a main function: reads the parameter block and the inputs, one after the other, from the
  /// file that the first argument names, and writes the outputs into the second. Every buffer has memory of
  /// its own, of exactly its size.
  package func mainProgram(_ program: Program, _ instructionSet: String) -> String {
    let (inputs, outputs) = (program.buffers(.input), program.buffers(.output))
    let sizes = (inputs + outputs).map { program[$0].type.byteCount }
    let isShared = program.threads > 1
    let start = isShared ? "  if (graphc_start(\(program.threads)) < \(program.threads)) return 8;" : ""
    let stop = isShared ? "  graphc_stop();" : ""
    let all = [program.parameterByteCount] + sizes + [program.arenaByteCount]
    return entryPoint(program, instructionSet) + """

      #include <stdio.h>
      #include <stdlib.h>

      enum { OUTPUT = \(1 + inputs.count), ARENA = \(1 + sizes.count) };
      static const size_t sizes[] = {\(all.map(String.init).joined(separator: ", "))};

      int main(int count, char **arguments) {
        void *pointers[ARENA + 1];
        FILE *file = count == 3 ? fopen(arguments[1], "rb") : 0;
        if (!file) return 2;
        for (int i = 0; i <= ARENA; i++) {
          size_t size = sizes[i] ? sizes[i] : 1;
          int is_aligned = i == 0 || i == ARENA;
          pointers[i] = is_aligned ? aligned_alloc(64, (size + 63) / 64 * 64) : malloc(size);
          if (!pointers[i]) return 3;
          if (i < OUTPUT && fread(pointers[i], 1, sizes[i], file) != sizes[i]) return 4;
        }
        fclose(file);
      \(start)
        graphc_entry_forward(pointers);
      \(stop)
        file = fopen(arguments[2], "wb");
        if (!file) return 5;
        for (int i = OUTPUT; i < ARENA; i++) {
          if (fwrite(pointers[i], 1, sizes[i], file) != sizes[i]) return 6;
        }
        for (int i = 0; i <= ARENA; i++) free(pointers[i]);
        return fclose(file) ? 7 : 0;
      }

      """
  }
}

extension BundleFunction {
  /// The function's arguments out of a table of pointers: parameters, inputs, outputs, arena.
  var tableArguments: [String] {
    let count = program.buffers(.input).count + program.buffers(.output).count
    let places = (names.hasParameters ? [0] : []) + (1...count + 1).map { $0 }
    return places.map { "pointers[\($0)]" } + (isShared ? ["threads"] : [])
  }
}
