/// The parts of an ONNX model that a compiler needs, as the file has them
/// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
struct ONNXModel {
  var irVersion = 0
  /// Version of the operators of each domain; "" is ONNX itself.
  var opsets: [String: Int] = [:]
  var graph: ONNXGraph?
  var functions: [ONNXFunction] = []
}

struct ONNXGraph {
  var name = ""
  var nodes: [ONNXNode] = []
  var initializers: [ONNXTensor] = []
  var inputs: [ONNXValueInfo] = []
  var outputs: [ONNXValueInfo] = []
  /// Whether it has sparse initializers, which are not read.
  var hasSparseInitializers = false
}

struct ONNXNode {
  var name = ""
  var type = ""
  var domain = ""
  var overload = ""
  /// "" stands for an optional input that is not given.
  var inputs: [String] = []
  var outputs: [String] = []
  var attributes: [ONNXAttribute] = []

  subscript(attribute name: String) -> ONNXAttribute? { attributes.first { $0.name == name } }
}

struct ONNXAttribute {
  enum Value {
    case float(Double)
    case int(Int)
    case string(String)
    case tensor(ONNXTensor)
    /// The body of a loop or a branch: where it stands in the file.
    case graph(Range<Int>)
    case floats([Double])
    case ints([Int])
    case strings([String])
    /// An attribute of the function that the node stands in.
    case reference(String)
    case unsupported(String)
  }

  var name = ""
  var value = Value.unsupported("nothing")
}

/// An input or an output of a graph.
struct ONNXValueInfo {
  enum Dimension: Hashable {
    case fixed(Int)
    /// "" where it has no name.
    case symbolic(String)
  }

  var name = ""
  /// Number of the element type; 0 where none is given.
  var element = 0
  /// nil where not even the rank is given.
  var shape: [Dimension]?
  /// "sequence", "map", "optional" or "sparse tensor": anything that is not a dense tensor.
  var otherKind: String?
}

/// An operator that the model defines itself.
struct ONNXFunction {
  var name = ""
  var domain = ""
  var overload = ""
  var inputs: [String] = []
  var outputs: [String] = []
  /// Attributes without a default value.
  var attributeNames: [String] = []
  /// Attributes with one.
  var attributes: [ONNXAttribute] = []
  var nodes: [ONNXNode] = []
  var opsets: [String: Int] = [:]
}

/// What tells functions apart.
struct ONNXFunctionKey: Hashable {
  var name: String
  var domain: String
  var overload: String

  init(_ function: ONNXFunction) {
    (name, domain, overload) = (function.name, function.domain, function.overload)
  }

  init(_ node: ONNXNode) { (name, domain, overload) = (node.type, node.domain, node.overload) }
}

/// A constant tensor: what is known of it before its elements are read.
struct ONNXTensor {
  enum Storage {
    /// Little-endian elements in the model's file.
    case raw(Range<Int>)
    case floats([Float])
    case doubles([Double])
    /// Integers, and half precision as its bits.
    case integers([Int64])
    case external([String: String])
    case strings
    case none
  }

  var name = ""
  var element = 0
  var shape: [Int] = []
  var storage = Storage.none

  /// Whether the elements need not be copied.
  var staysInFile: Bool {
    switch storage {
    case .raw, .external: true
    case .floats, .doubles, .integers, .strings, .none: false
    }
  }
}
