/// The C text of `functions` and of everything they call, for vectors of `lanes` floats.
///
/// One template makes every shape: with one lane the functions take and return `float`, with more they take
/// and return a GNU vector `typedef float PREFIX_f32x16 __attribute__((vector_size(64)))`, which the text
/// declares. The operations and their order are the same, so a lane has the same bits in every shape as long
/// as the C compiler fuses no multiplications and additions; fusing them keeps the stated accuracy.
///
/// The text needs `<stdint.h>` and nothing else. It must not be compiled with `-ffast-math`. It
/// compiles without a warning except `-Wpsabi`, which vectors wider than the target's registers raise.
///
/// - Parameters:
///   - functions: In any order, repetitions allowed; the text depends on the set alone.
///   - prefix: The start of every name, a C identifier.
///   - lanes: 1, or a power of two of at least 2. For several shapes in one file call once for each.
///   - qualifiers: What stands before every function: `static inline`, and attributes if wanted.
package func mathSource(
  _ functions: some Sequence<MathFunction>, prefix: String, lanes: Int, qualifiers: String = "static inline"
) -> String {
  let shape = LaneShape(prefix: prefix, lanes: lanes, qualifiers: qualifiers)
  let wanted = Set(functions.map(\.rawValue))
  let templates = MathTemplate.closure(of: wanted)
  let sections = templates.map { $0.instantiate(for: shape) }
  let typedefs = shape.typedefs(usedIn: templates.map { $0.text(for: shape) }.joined())
  return ([typedefs] + sections).filter { !$0.isEmpty }.joined(separator: "\n")
}
