import LoopIR
import SourceText

/// A network as it will run: kernels called in order on buffers at fixed places.
///
/// Kernels are stored once; identical layers call the same one with other buffers.
package struct Program: Sendable, Equatable {
  package var name: String
  package var buffers: [Buffer] = []
  package var kernels: [Kernel] = []
  package var steps: [Step] = []
  /// Buffers of the arena that are pieces of others.
  package var views: [BufferID: View] = [:]
  /// Convolutions by Winograd's algorithm of which larger errors are to be expected, relative to the largest result, are
  /// computed directly.
  package var largestWinogradError = Double.infinity
  /// What kernels keep vectors in: of the processors that the program is for.
  package var registers = VectorRegisters.widest
  /// How weights are stored: f32 or f16.
  package var weightElement = ElementType.f32
  /// What was measured to be faster than what passes choose by themselves.
  package var tuning = Tuning()
  /// The most threads that a run may be shared among.
  package var threads = 1
  /// Bytes of working memory that a run needs, once planned.
  package var arenaByteCount = 0
  /// The largest sum of bytes alive at once: no plan can need less.
  package var arenaLowerBound = 0

  package init(name: String) { self.name = name }

  /// No program is for more threads than this.
  package static let mostThreads = 64

  /// The same with a kernel of its own for every step, so that a pass may change it.
  var withOwnKernels: Program {
    var program = self
    var taken: Set<Int> = []
    for place in steps.indices where !taken.insert(steps[place].kernel).inserted {
      program.steps[place].kernel = program.kernels.count
      program.kernels.append(kernels[steps[place].kernel])
    }
    return program
  }

  /// Where in another buffer a buffer lies.
  package struct View: Hashable, Sendable {
    package var of: BufferID
    package var byteOffset: Int
  }

  /// The buffer with memory of its own in which a buffer lies, itself where it is no view.
  package func root(of buffer: BufferID) -> View {
    var root = View(of: buffer, byteOffset: 0)
    while let view = views[root.of] {
      root = View(of: view.of, byteOffset: root.byteOffset + view.byteOffset)
    }
    return root
  }

  package subscript(buffer: BufferID) -> Buffer {
    get { buffers[buffer.index] }
    set { buffers[buffer.index] = newValue }
  }
}

/// An index into the buffers of a program.
package struct BufferID: Hashable, Sendable, Comparable {
  package let index: Int

  package init(_ index: Int) { self.index = index }

  package static func < (left: BufferID, right: BufferID) -> Bool { left.index < right.index }
}

/// A piece of memory that holds one tensor.
package struct Buffer: Sendable, Equatable {
  package enum Role: String, Sendable, CaseIterable {
    /// Memory of the caller that is read.
    case input
    /// Memory of the caller that is written.
    case output
    /// Part of the parameter block; its contents are known at compile time.
    case parameter
    /// Part of the parameter block of a network that is trained: read and written in row-major order.
    case variable
    /// What the optimizer keeps from step to step.
    case state
    /// A place in the arena.
    case arena

    /// True for what has elements before the first run.
    package var isStored: Bool { self == .parameter || self == .variable || self == .state }
  }

  package var name: String
  package var type: TensorType
  package var layout: Layout
  package var role: Role
  /// Byte offset in the arena or in the parameter block, once planned.
  package var offset: Int?
  /// Logical contents, for parameters.
  package var source: ParameterSource?
  /// The type under which the source is known; kernels may see the same elements under another shape.
  package let sourceType: TensorType
  /// How many of it there are, one for each thread.
  package var copies = 1
  /// What is done to filters of the source's type before they are stored.
  package let transform: WinogradWindow?

  /// - Parameter sourceType: the type of the source, where it differs.
  package init(
    name: String, type: TensorType, layout: Layout, role: Role, offset: Int? = nil,
    source: ParameterSource? = nil, sourceType: TensorType? = nil, transform: WinogradWindow? = nil
  ) {
    self.name = name
    self.type = type
    self.sourceType = sourceType ?? type
    self.transform = transform
    self.layout = layout
    self.role = role
    self.offset = offset
    self.source = source
  }

  /// What the buffer holds before the first run, in row-major order of its type.
  package var elements: ParameterElements? {
    guard let source else { return nil }
    let original = ParameterElements(source, name, sourceType)
    let elements = transform.map { ParameterElements(original, transformedBy: $0) } ?? original
    return type.element == elements.type.element ? elements : ParameterElements(halving: elements)
  }

  /// Bytes of memory, the layout's padding and all copies included.
  package var byteCount: Int { layout.elementCount(shape: type.shape) * type.element.byteCount * copies }
}

/// One call of a kernel.
package struct Step: Sendable, Equatable {
  package var kernel: Int
  /// One buffer for each parameter of the kernel.
  package var arguments: [BufferID]
  /// What the user wrote: `relu1 = relu(conv1)`, for comments and reports.
  package var provenance: Provenance

  package init(kernel: Int, arguments: [BufferID], provenance: Provenance) {
    self.kernel = kernel
    self.arguments = arguments
    self.provenance = provenance
  }
}

/// Which part of the graph asked for a kernel.
package struct Provenance: Sendable, Hashable {
  /// The value that the step computes.
  package var value: String
  /// Names of the operators that it combines, in order.
  package var operators: [String]
  /// The graph's statements, one a line.
  package var statements: [String]
  /// `lenet5.graph:5-7`, or empty where there is no source.
  package var location: String
  /// Multiplications and additions that the equations ask for, padding counted.
  package var operationCount: Int

  package init(
    value: String, operators: [String], statements: [String], location: String, operationCount: Int
  ) {
    self.value = value
    self.operators = operators
    self.statements = statements
    self.location = location
    self.operationCount = operationCount
  }
}
