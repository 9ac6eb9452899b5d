/// One function of the generated code: an equation, the schedule chosen for it, and the loop nest that
/// results.
///
/// A kernel names its tensors by their part (`x`, `w`, `b`, `y`), never by the values of one graph, so that
/// identical layers are equal kernels and share one function.
package struct Kernel: Hashable, Sendable {
  package struct Parameter: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable, CaseIterable {
      case read, write
      /// Written and then read, and of no use afterwards: every thread has one of its own.
      case scratch
    }

    package var tensor: Tensor
    package var layout: Layout
    package var role: Role

    package init(_ tensor: Tensor, layout: Layout, role: Role) {
      self.tensor = tensor
      self.layout = layout
      self.role = role
    }
  }

  package var name: String
  /// Tensors read, then tensors written.
  package var parameters: [Parameter]
  package var equations: [Equation]
  package var schedule: Schedule
  package var body: [Statement]

  package init(
    name: String, parameters: [Parameter], equations: [Equation], schedule: Schedule, body: [Statement]
  ) {
    self.name = name
    self.parameters = parameters
    self.equations = equations
    self.schedule = schedule
    self.body = body
  }

  /// Equations and body are large trees; kernels that agree in the rest seldom differ in them.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(parameters)
    hasher.combine(schedule)
  }

  /// Layout of one of the kernel's tensors.
  package func layout(of tensor: Tensor) -> Layout {
    parameters.first { $0.tensor == tensor }?.layout ?? .plain(rank: tensor.rank)
  }
}
