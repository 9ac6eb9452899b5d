import LoopIR
import SourceText
import TensorFiles

/// Inputs, initializers and outputs of a model.
extension ONNXImporter {
  func readInputs(_ graph: ONNXGraph) throws(CompileError) {
    if graph.hasSparseInitializers {
      report.add("sparse initializers are not supported", kind: .unsupported)
    }
    try readInitializers(graph, overridable: Set(graph.inputs.map(\.name)))
    var symbols = options.settings
    var names: Set<String> = []
    for info in graph.inputs where !names.insert(info.name).inserted {
      throw report.failure("input '\(info.name)' is listed twice")
    }
    for info in graph.inputs { bindSymbols(of: info, &symbols) }
    for info in graph.inputs {
      if case .value? = scopes[0].values[info.name] { continue }
      try readInput(info, symbols)
    }
    try requireKnownNames(graph)
  }

  // MARK: Initializers

  /// - Parameter overridable: names of inputs, which are given anew with every run if the caller wants so.
  func readInitializers(_ graph: ONNXGraph, overridable: Set<String>) throws(CompileError) {
    for tensor in graph.initializers {
      guard scopes[scopes.count - 1].values[tensor.name] == nil else {
        throw report.failure("initializer '\(tensor.name)' is defined twice")
      }
      do throws(OpError) {
        var data = try elements(of: tensor)
        let isOverridden = overridable.contains(tensor.name) && scopes.count == 1
        if isOverridden, let given = try givenElements(tensor.name, data.type) { data = given }
        define(tensor.name, data)
      } catch {
        report.add(
          "initializer '\(tensor.name.clipped(to: 60))': \(error.message)", kind: error.kind, help: error.help)
        scopes[scopes.count - 1].values[tensor.name] = .refused
      }
    }
  }

  /// Elements that the caller gives for an initializer.
  private func givenElements(_ name: String, _ type: TensorType) throws(OpError) -> TensorData? {
    guard let tensor = options.tensors[name] else { return nil }
    guard tensor.shape == type.shape else {
      throw OpError("expected \(type), the array given has shape \(tensor.shape)")
    }
    names.absorb(name)
    do throws(TensorFileError) {
      return try TensorData(try tensor.exactly(as: type.element.stored), as: type.element)
    } catch {
      throw OpError(error.headline)
    }
  }

  /// Floating-point tensors are parameters; numbers on their own and integers are constants.
  private func define(_ name: String, _ data: TensorData) {
    let isParameter = data.type.element.isFloatingPoint && data.type.count > 1
    let graphName = freeName(name, else: isParameter ? "weight" : "constant")
    let value =
      isParameter
      ? builder.parameter(graphName, data.type, .data(data)) : builder.constant(data, name: graphName)
    bind(name, to: value, isNew: false)
    if !isParameter || data.type.count <= KnownElements.countLimit { learn(value, data) }
  }

  // MARK: Inputs

  private func bindSymbols(of info: ONNXValueInfo, _ symbols: inout [String: Int]) {
    guard let shape = info.shape, let given = options.shapes[info.name] ?? options.tensors[info.name]?.shape,
      given.count == shape.count
    else { return }
    for (dimension, extent) in zip(shape, given) {
      if case .symbolic(let name) = dimension, !name.isEmpty, symbols[name] == nil { symbols[name] = extent }
    }
  }

  private func readInput(_ info: ONNXValueInfo, _ symbols: [String: Int]) throws(CompileError) {
    do throws(OpError) {
      if let kind = info.otherKind { throw OpError("a \(kind) is not supported", kind: .unsupported) }
      guard let element = ElementType(onnx: info.element) else {
        throw OpError(
          "elements of type \(ElementType.onnxName(info.element)) are not supported", kind: .unsupported)
      }
      let type = TensorType(element, try shape(of: info, symbols))
      guard type.rank <= ONNXTensorReader.rankLimit else {
        throw OpError("expected at most \(ONNXTensorReader.rankLimit) axes, found \(type.rank)", kind: .unsupported)
      }
      guard type.isRepresentable else { throw OpError("the shape \(type.shape) is negative or too large") }
      let value = builder.input(freeName(info.name, else: "input"), type)
      bind(info.name, to: value, isNew: false)
      guard let tensor = options.tensors[info.name], type.count <= KnownElements.countLimit,
        tensor.shape == type.shape, let stored = try? tensor.exactly(as: element.stored),
        let data = try? TensorData(stored, as: element)
      else { return }
      learn(value, data, dependsOnInputs: true)
    } catch {
      report.add("input '\(info.name.clipped(to: 60))': \(error.message)", kind: error.kind, help: error.help)
      scopes[0].values[info.name] = .refused
    }
  }

  private func shape(of info: ONNXValueInfo, _ symbols: [String: Int]) throws(OpError) -> [Int] {
    let given = options.shapes[info.name] ?? options.tensors[info.name]?.shape
    guard let declared = info.shape else {
      if let given { return given }
      throw OpError("its shape is not known", help: "give it with --shape '\(info.name)=1,3,224,224'")
    }
    if let shape = options.shapes[info.name], shape.count != declared.count {
      throw OpError("expected \(declared.count) extents in --shape, found \(shape)")
    }
    var extents: [Int] = []
    for (axis, dimension) in declared.enumerated() {
      let wish = given?.count == declared.count ? given?[axis] : nil
      switch dimension {
      case .fixed(let extent):
        if let shape = options.shapes[info.name], shape[axis] != extent {
          throw OpError("expected \(extent) at axis \(axis), --shape gives \(shape[axis])")
        }
        extents.append(extent)
      case .symbolic(let name):
        guard let extent = symbols[name] ?? wish else { throw unbound(info, axis, name, declared) }
        extents.append(extent)
      }
    }
    return extents
  }

  private func unbound(
    _ info: ONNXValueInfo, _ axis: Int, _ name: String, _ declared: [ONNXValueInfo.Dimension]
  ) -> OpError {
    let extents = declared.map { if case .fixed(let extent) = $0 { "\(extent)" } else { "1" } }
    let what = name.isEmpty ? "" : " ('\(name)')"
    let setting = name.isEmpty ? "" : ", or --set '\(name)=1'"
    return OpError(
      "axis \(axis)\(what) has no fixed extent",
      help: "give it with --shape '\(info.name)=\(extents.joined(separator: ","))'\(setting)")
  }

  /// Options that name something which the model does not have.
  private func requireKnownNames(_ graph: ONNXGraph) throws(CompileError) {
    let inputs = graph.inputs.map(\.name)
    for name in options.shapes.keys.sorted() where !inputs.contains(name) {
      throw report.failure("the model has no input '\(name)'", help: didYouMean(name, among: inputs))
    }
    let symbols = graph.inputs.flatMap { $0.shape ?? [] }.compactMap { dimension in
      if case .symbolic(let name) = dimension, !name.isEmpty { name } else { nil }
    }
    for name in options.settings.keys.sorted() where !symbols.contains(name) {
      throw report.failure(
        "the model has no symbolic dimension '\(name)'", help: didYouMean(name, among: symbols))
    }
  }

  // MARK: Outputs

  func nameOutputs(_ graph: ONNXGraph) throws(CompileError) {
    guard !graph.outputs.isEmpty else { throw report.failure("the model has no outputs") }
    var taken: Set<String> = []
    for output in graph.outputs {
      guard case .value(let value)? = scopes[0].values[output.name] else {
        throw report.failure("nothing computes the output '\(output.name)'")
      }
      guard taken.insert(output.name).inserted else {
        throw report.failure("output '\(output.name)' is listed twice")
      }
      let name = builder.graph[value].name
      let isFree = !builder.graph.outputs.contains { $0.name == name }
      let graphName = isFree ? name : freeName(output.name, else: "output")
      builder.output(graphName, value)
      names.setOutput(output.name, graphName)
    }
  }
}
