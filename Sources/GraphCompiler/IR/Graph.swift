import LoopIR
import SourceText

/// A tensor value of a graph: an index into its table of values.
package struct Value: Hashable, Sendable, Comparable {
  package let index: Int32

  package init(index: Int) { self.index = Int32(index) }

  package static func < (left: Value, right: Value) -> Bool { left.index < right.index }
}

/// A network: named tensor values, and the operators that compute them, in an order that respects every use.
///
/// Text form: the `.graph` language with everything written out (`GraphPrinter`, `GraphParser`).
package struct Graph: Sendable, Equatable {
  package var name: String
  /// Every value ever made; a value that no statement mentions is not printed.
  package var values: [ValueInfo] = []
  package var inputs: [Value] = []
  package var parameters: [Value] = []
  package var constants: [Value] = []
  /// In execution order: operands are defined before.
  package var nodes: [Node] = []
  package var outputs: [Output] = []
  package var train: TrainSection?

  package init(name: String) { self.name = name }

  package subscript(value: Value) -> ValueInfo {
    get { values[Int(value.index)] }
    set { values[Int(value.index)] = newValue }
  }

  package func type(of value: Value) -> TensorType { self[value].type }

  package func types(of operands: [Value]) -> [TensorType] { operands.map { self[$0].type } }

  /// What a caller gets, under which name.
  package struct Output: Hashable, Sendable {
    package var name: String
    package var value: Value

    package init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }
}

/// What is known of a value.
package struct ValueInfo: Sendable, Equatable {
  package enum Source: Sendable, Equatable {
    case input
    case parameter(ParameterSource)
    case constant(TensorData)
    case node
  }

  package var name: String
  package var type: TensorType
  package var source: Source
  package var range: SourceRange

  package init(name: String, type: TensorType, source: Source, range: SourceRange) {
    self.name = name
    self.type = type
    self.source = source
    self.range = range
  }

  /// Ranges do not count: text printed and parsed again is the same graph.
  package static func == (left: ValueInfo, right: ValueInfo) -> Bool {
    left.name == right.name && left.type == right.type && left.source == right.source
  }
}

/// Where the elements of a parameter come from.
package enum ParameterSource: Sendable, Equatable {
  case initializer(Initializer)
  /// Read from a weights file, or computed by a pass from others that were.
  case data(TensorData)
}

/// The part of a graph that only training needs. Its meaning is given by differentiation; here it is typed
/// and kept.
package struct TrainSection: Sendable, Equatable {
  /// Inputs that only training has, such as labels.
  package var inputs: [Value] = []
  /// Operators that only the loss needs.
  package var nodes: [Node] = []
  package var loss: Value?
  package var directives: [TrainDirective] = []

  package init() {}
}
