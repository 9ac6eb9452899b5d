import GraphCompiler
import SourceText
import TensorFiles

/// The tensors that `--input NAME=FILE` and `--input NAME=LITERAL` give.
struct InputFiles {
  /// In the order of the command line, every name once.
  let tensors: [(name: String, tensor: StoredTensor)]
  /// Names of tensors whose numbers stand on the command line: they round to the type of the input.
  private let literals: Set<String>

  /// Reads the files.
  init(_ inputs: [(name: String, value: String)]) throws {
    var tensors: [(name: String, tensor: StoredTensor)] = []
    var literals: Set<String> = []
    for (name, value) in inputs {
      if let literal = try Self.literal(value) {
        literals.insert(name)
        tensors.append((name, literal))
      } else {
        tensors.append((name, try NumpyFile.read(value)))
      }
    }
    self.tensors = tensors
    self.literals = literals
  }

  /// The tensor of a literal; nil where the text is the name of a file.
  private static func literal(_ text: String) throws(CompileError) -> StoredTensor? {
    do throws(CompileError) {
      let data = try TensorLiteral(SourceFile(path: "<command line>", text: text)).natural()
      return StoredTensor(shape: data.type.shape, element: data.type.element.stored, bytes: data.bytes)
    } catch {
      if text.hasPrefix("[") { throw error }
      return nil
    }
  }

  subscript(name: String) -> StoredTensor? { tensors.first { $0.name == name }?.tensor }

  var byName: [String: StoredTensor] {
    Dictionary(tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
  }

  /// The tensors in the types of the graph's inputs; those that name a parameter replace its numbers.
  /// - Parameters:
  ///   - extents: which extents of inputs follow the files.
  ///   - scale: by which floating point inputs are divided.
  /// - Throws: every mistake at once: inputs that are unknown, missing, or of another shape.
  func matched(
    with parsed: ParsedGraph, _ extents: [SymbolicExtent], scale: Double
  ) throws(CompileError) -> MatchedInputs {
    let (graph, names) = (parsed.graph, parsed.names)
    var result = MatchedInputs(graph: graph, tensors: [:])
    var mistakes: [Diagnostic] = []
    for (name, tensor) in tensors where !names.absorbed.contains(name) {
      do throws(CompileError) {
        let given = GivenNumbers(tensor: tensor, isLiteral: literals.contains(name))
        try match(names.inGraph(name), given, scale, &result)
      } catch {
        mistakes += error.diagnostics.map { $0.noting(origins(of: name, extents)) }
      }
    }
    for value in graph.inputs where result.tensors[graph[value].name] == nil {
      let name = names.outside(graph[value].name)
      if self[name] == nil { mistakes.append(missing(graph[value], name)) }
    }
    if let error = CompileError(mistakes) { throw error }
    return result
  }

  /// Which other inputs decided about the extents of this one.
  private func origins(of input: String, _ extents: [SymbolicExtent]) -> [Diagnostic.Note] {
    extents.filter { $0.input == input }.compactMap { extent in
      let all = extents.filter { $0.parameter == extent.parameter }
      guard let first = all.first(where: { self[$0.input]?.shape.count == $0.rank }), first.input != input,
        let value = self[first.input]?.shape[first.axis]
      else { return nil }
      return .init("'\(extent.parameter)' is \(value) after input '\(first.input)'")
    }
  }

  private func match(
    _ name: String, _ given: GivenNumbers, _ scale: Double, _ result: inout MatchedInputs
  ) throws(CompileError) {
    let graph = result.graph
    if let value = graph.inputs.first(where: { graph[$0].name == name }) {
      let info = graph[value]
      try requireShape(given, info, "input")
      result.tensors[name] = try given.converted(
        to: info, scale: info.type.element.isFloatingPoint ? scale : 1)
    } else if let value = graph.parameters.first(where: { graph[$0].name == name }) {
      let info = graph[value]
      try requireShape(given, info, "parameter")
      let numbers = try given.converted(to: info, scale: 1)
      do throws(TensorFileError) {
        result.graph[value].source = .parameter(.data(try TensorData(numbers, as: info.type.element)))
      } catch {
        throw CompileError("input-type", error.headline, at: info.range)
      }
    } else {
      throw unknown(name, graph)
    }
  }

  private func unknown(_ name: String, _ graph: Graph) -> CompileError {
    let names = graph.inputs.map { graph[$0].name }
    let shown = name.clipped(to: 60)
    if graph.train?.inputs.contains(where: { graph[$0].name == name }) == true {
      return CompileError(
        "unknown-input", "'\(shown)' is an input of the train section, which 'run' does not compute",
        at: .unknown)
    }
    let known =
      names.isEmpty ? "it has no inputs" : "it has \(names.map { "'\($0)'" }.joined(separator: ", "))"
    return CompileError(
      "unknown-input", "graph '\(graph.name)' has no input '\(shown)'", at: .unknown,
      help: didYouMean(name, among: names + graph.parameters.map { graph[$0].name }) ?? known.clipped(to: 200)
    )
  }

  private func missing(_ input: ValueInfo, _ name: String) -> Diagnostic {
    Diagnostic(
      .error, "missing-input", "input '\(name)' is not given", at: input.range,
      help: "add --input \(name)=FILE.npy with \(input.type)")
  }

  private func requireShape(_ given: GivenNumbers, _ info: ValueInfo, _ kind: String) throws(CompileError) {
    let shape = given.tensor.shape
    if shape == info.type.shape { return }
    throw CompileError(
      "input-shape", "expected \(info.type) for \(kind) '\(info.name)', found shape \(shape)\(given.place)",
      at: info.range)
  }
}

/// Numbers for an input, and where they come from.
private struct GivenNumbers {
  let tensor: StoredTensor
  let isLiteral: Bool

  /// For messages.
  var place: String { isLiteral ? "" : " in '\(tensor.path)'" }

  func converted(to info: ValueInfo, scale: Double) throws(CompileError) -> StoredTensor {
    let element = info.type.element.stored
    do throws(TensorFileError) {
      if scale != 1 { return try tensor.divided(by: scale, as: element) }
      return isLiteral ? try tensor.converted(to: element) : try tensor.exactly(as: element)
    } catch {
      throw CompileError(
        "input-type",
        "expected \(element.rawValue) for '\(info.name)', found \(tensor.element.rawValue)\(place): "
          + error.headline, at: info.range, help: error.cure)
    }
  }
}

/// Inputs that fit.
struct MatchedInputs {
  /// With the numbers of parameters that were given.
  var graph: Graph
  /// Every input of the graph by name, with exactly its type.
  var tensors: [String: StoredTensor]
}

extension Diagnostic {
  fileprivate func noting(_ notes: [Note]) -> Diagnostic {
    var copy = self
    copy.notes += notes
    return copy
  }
}
