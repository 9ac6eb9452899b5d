import LoopIR
import SourceText
import TensorFiles

extension Graph {
  /// The graph with its parameters read from a safetensors file. Every tensor of the file must be a
  /// parameter, every parameter must be in the file (or have its elements already), and shapes must agree.
  /// - Parameters:
  ///   - name: how diagnostics call the file; its path where nothing else is given.
  ///   - range: where the text asks for the file.
  package func applyingWeights(
    from path: String, named name: String? = nil, at range: SourceRange = .unknown
  ) throws(CompileError) -> Graph {
    let shown = name ?? path
    return try WeightsReader(self, SafetensorsFile.weights(path, shown, range), shown, range).applied()
  }
}

extension SafetensorsFile {
  fileprivate static func weights(
    _ path: String, _ shown: String, _ range: SourceRange
  ) throws(CompileError) -> SafetensorsFile {
    do throws(TensorFileError) {
      return try read(path)
    } catch {
      throw CompileError(
        "unreadable-weights", "weights file '\(shown)': \(error.headline)", at: range, help: error.cure)
    }
  }
}

/// Matches the tensors of a file with the parameters of a graph.
private struct WeightsReader {
  let graph: Graph
  let file: SafetensorsFile
  let name: String
  let range: SourceRange

  /// Most names that one message lists.
  private static let listLimit = 3

  init(_ graph: Graph, _ file: SafetensorsFile, _ name: String, _ range: SourceRange) {
    self.graph = graph
    self.file = file
    self.name = name
    self.range = range
  }

  func applied() throws(CompileError) -> Graph {
    var diagnostics = mismatchedNames()
    var result = graph
    for value in graph.parameters {
      guard let tensor = file[graph[value].name] else { continue }
      do throws(CompileError) {
        let info = graph[value]
        result[value].source = .parameter(.data(try data(tensor, for: info.name, info.type, info.range)))
      } catch {
        diagnostics += error.diagnostics
      }
    }
    if let error = CompileError(diagnostics) { throw error }
    return result
  }

  /// One diagnostic for parameters without a tensor and tensors without a parameter: often they are the same.
  private func mismatchedNames() -> [Diagnostic] {
    let missing = graph.parameters.filter { graph[$0].data == nil && file[graph[$0].name] == nil }
      .map { graph[$0].name }
    let unknown = unusedNames
    if missing.isEmpty, unknown.isEmpty { return [] }
    if missing.isEmpty {
      let message = "expected only parameters of graph '\(graph.name)', '\(name)' also has \(list(unknown))"
      return [Diagnostic(.error, "unknown-weights", message, at: range)]
    }
    let message = "expected a tensor for every parameter, '\(name)' has none for \(list(missing))"
    let note = Diagnostic.Note("'\(name)' has \(list(unknown)) instead")
    return [Diagnostic(.error, "missing-weights", message, at: range, notes: unknown.isEmpty ? [] : [note])]
  }

  private var parameterNames: [String] { graph.parameters.map { graph[$0].name } }

  /// Long constants are in the file too, under their names: they were read with the text.
  private var unusedNames: [String] {
    let known = Set(parameterNames + graph.constants.map { graph[$0].name })
    return file.names.filter { !known.contains($0) }
  }

  /// `'a', 'b', 'c' and 4 more`.
  private func list(_ names: [String]) -> String {
    let shown = names.prefix(Self.listLimit).map { "'\($0.clipped(to: 60))'" }.joined(separator: ", ")
    let rest = names.count - Self.listLimit
    return rest > 0 ? "\(shown) and \(rest) more" : shown
  }

  /// - Parameter definition: where the parameter is defined.
  func data(
    _ tensor: StoredTensor, for parameter: String, _ type: TensorType, _ definition: SourceRange = .unknown
  ) throws(CompileError) -> TensorData {
    guard tensor.shape == type.shape, tensor.element.isFloatingPoint == type.element.isFloatingPoint else {
      let found = "\(tensor.element.rawValue)\(tensor.shape)"
      throw CompileError(
        "weights-mismatch", "expected \(type) for '\(parameter)', '\(name)' has \(found)", at: range,
        notes: definition.file == nil ? [] : [.init("the parameter is defined here", at: definition)])
    }
    do throws(TensorFileError) {
      return try TensorData(tensor, as: type.element)
    } catch {
      let message = "expected \(type) for '\(parameter)': \(error.headline)"
      throw CompileError("weights-mismatch", message, at: range)
    }
  }
}

extension Elaborator {
  /// Runs the `weights` statement, once all parameters are known.
  func readWeights() {
    guard let (path, range) = weights else { return }
    do throws(CompileError) {
      let full = fullPath(path, range)
      graphWithWeights = try builder.graph.applyingWeights(from: full, named: path, at: range)
    } catch {
      for diagnostic in error.diagnostics { report(diagnostic) }
    }
  }

  /// The elements of a constant: given by the caller, or in the file of the `weights` statement above it; nil
  /// where neither has any.
  func elements(_ name: String, _ type: TensorType, _ range: SourceRange) throws(Failure) -> TensorData? {
    if let data = options.blobs[name] { return data }
    guard let (path, statement) = weights else { return nil }
    do throws(CompileError) {
      if weightsFile == nil {
        weightsFile = try SafetensorsFile.weights(fullPath(path, statement), path, statement)
      }
      guard let file = weightsFile, let tensor = file[name] else { return nil }
      return try WeightsReader(builder.graph, file, path, range).data(tensor, for: name, type)
    } catch {
      for diagnostic in error.diagnostics { report(diagnostic) }
      throw .poisoned
    }
  }

  private func fullPath(_ path: String, _ range: SourceRange) -> String {
    let folder = options.folder ?? Self.folder(of: range.file?.path ?? "")
    return path.hasPrefix("/") ? path : folder + path
  }

  /// The path up to and with its last '/'.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
}
