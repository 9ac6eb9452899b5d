import LoopIR
import SourceText

/// The part of `lenet5.c` that keeps house: tables, `…_init` and `…_seal`.
struct TrainingState {
  let text: String

  init(_ layout: StateLayout, _ names: BundleNames) {
    var writer = TextWriter()
    let (module, upper) = (names.module, names.upper)
    writer.blank()
    writer.line(
      "_Static_assert(sizeof(\(module)_state) == \(upper)_STATE_BYTES, \"padding differs\");")
    writer.blank()
    let parameters = layout.parameterBlock.buffers.prefix(layout.parameterCount)
    Self.table("parameter", parameters.map { ($0.name, $0.type, $0.offset ?? 0) }, names, &writer)
    Self.table("state", layout.states.map { ($0.stored.name, $0.stored.type, $0.offset) }, names, &writer)
    writer.block("void \(module)_seal(\(module)_parameters *parameters) {") { writer in
      writer.line("const uint64_t *words = (const uint64_t *)(const void *)parameters;")
      writer.line("uint64_t checksum = UINT64_C(0xcbf29ce484222325);")
      writer.block("for (size_t i = \(SourceBundle.headerByteCount / 8); i < \(upper)_PARAMETER_BYTES / 8; i++) {") {
        $0.line("checksum = (checksum ^ words[i]) * UINT64_C(0x100000001b3);")
      }
      writer.line("parameters->checksum = checksum;")
    }
    writer.blank()
    writer.block("void \(module)_init(\(module)_state *state, const \(module)_parameters *initial) {") { writer in
      writer.line("const unsigned char *from = (const unsigned char *)initial;")
      writer.line("unsigned char *to = (unsigned char *)state;")
      writer.line("for (size_t i = 0; i < \(upper)_PARAMETER_BYTES; i++) to[i] = from[i];")
      writer.line("for (size_t i = \(upper)_PARAMETER_BYTES; i < \(upper)_STATE_BYTES; i++) to[i] = 0;")
    }
    text = writer.text
  }

  private static func table(
    _ kind: String, _ tensors: [(name: String, type: TensorType, offset: Int)], _ names: BundleNames,
    _ writer: inout TextWriter
  ) {
    let (module, upper) = (names.module, names.upper)
    writer.line("const \(module)_tensor \(module)_\(kind)_table[\(upper)_\(kind.uppercased())_COUNT] = {")
    for tensor in tensors {
      let extents = tensor.type.shape.prefix(8).map(String.init).joined(separator: ", ")
      let shape = extents.isEmpty ? "{0}" : "{\(extents)}"
      writer.line("  {\"\(tensor.name)\", \(tensor.offset), \(tensor.type.count), \(tensor.type.rank), \(shape)},")
    }
    writer.line("};")
    writer.blank()
  }
}
