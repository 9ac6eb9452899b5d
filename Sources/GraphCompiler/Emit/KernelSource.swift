import LoopIR

/// Kernels as C functions, each below what it computes.
struct KernelSource {
  let text: String
  /// Helpers that the functions call.
  let needs: CNeeds

  /// - Parameter users: the steps that call the kernel.
  init(_ kernel: Kernel, _ registers: VectorRegisters, users: [Step]) {
    let emitter = CEmitter(kernel, lanes: registers.lanes)
    text = Self.comment(kernel, users) + emitter.function()
    needs = emitter.needs
  }

  /// The functions of a program alone, without the helpers that they call.
  static func text(of program: Program) -> String {
    program.kernels.indices.map { place in
      let users = program.steps.filter { $0.kernel == place }
      return KernelSource(program.kernels[place], program.registers, users: users).text
    }.joined(separator: "\n")
  }

  /// The functions of kernels that no program calls.
  static func text(of kernels: [Kernel]) -> String {
    kernels.map { KernelSource($0, .widest, users: []).text }.joined(separator: "\n")
  }

  private static func comment(_ kernel: Kernel, _ users: [Step]) -> String {
    var lines: [String] = []
    let places = distinctUses(users)
    for user in places.prefix(8) {
      for (place, statement) in user.statements.enumerated() {
        let location = place == 0 && !user.location.isEmpty ? "    (\(user.location))" : ""
        lines.append("// \(statement)\(location)")
      }
    }
    if places.count > 8 { lines.append("// … and \(places.count - 8) more of the same shape") }
    for parameter in kernel.parameters {
      let tensor = parameter.tensor
      let extents = tensor.shape.map(String.init).joined(separator: ",")
      let layout = parameter.layout.isPlain ? "" : " in order \(parameter.layout)"
      lines.append("//   \(tensor.name) \(tensor.element.rawValue)[\(extents)]\(layout)")
    }
    for equation in kernel.equations { lines.append("//   \(equation.description)") }
    if !kernel.schedule.directives.isEmpty { lines.append("//   schedule: \(kernel.schedule.description)") }
    if let count = users.first?.provenance.operationCount, count > 0 {
      lines.append("//   \(count) operation\(count == 1 ? "" : "s")")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Where the user asked for the kernel. Functions of one bundle, such as forward and backward, share what they compute
  /// alike.
  private static func distinctUses(_ users: [Step]) -> [Provenance] {
    var distinct: [Provenance] = []
    for user in users.map(\.provenance)
    where !distinct.contains(where: { $0.statements == user.statements && $0.location == user.location }) {
      distinct.append(user)
    }
    return distinct
  }
}
