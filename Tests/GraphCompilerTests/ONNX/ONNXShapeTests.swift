import TensorFiles
import Testing

@testable import GraphCompiler

/// Extents that the model leaves open, and those that it computes.
@Suite struct ONNXShapeTests {
  static func model(_ extents: [ONNXExtent]?, _ change: (inout ONNXImport.Options) -> Void = { _ in })
    -> ONNXTestModel
  {
    var model = ONNXTestModel(nodes: [.node("Relu", ["x"], ["y"])], inputs: [.value("x", extents)])
    change(&model.options)
    return model
  }

  static func shape(_ model: ONNXTestModel) throws -> [Int] {
    let graph = try model.imported().graph
    return graph.type(of: graph.outputs[0].value).shape
  }

  @Test func openExtentsAreBoundByName() throws {
    #expect(try Self.shape(Self.model(["N", 3]) { $0.settings = ["N": 5] }) == [5, 3])
    #expect(try Self.shape(Self.model(["N", "N"]) { $0.settings = ["N": 0] }) == [0, 0])
    let unknown = Self.model(["N", 3]) { $0.settings = ["M": 5, "N": 1] }
    expectRefusal(unknown, "the model has no symbolic dimension 'M'")
  }

  @Test func openExtentsAreBoundByShape() throws {
    #expect(try Self.shape(Self.model(["N", "", 4]) { $0.shapes = ["x": [2, 3, 4]] }) == [2, 3, 4])
    #expect(try Self.shape(Self.model(nil) { $0.shapes = ["x": [7]] }) == [7])
    expectRefusal(Self.model([2]) { $0.shapes = ["x": [3]] }, "expected 2 at axis 0, --shape gives 3")
    expectRefusal(
      Self.model(["N"]) { $0.shapes = ["x": [3, 4]] }, "expected 1 extents in --shape, found [3, 4]")
    expectRefusal(Self.model(["N"]) { $0.shapes = ["z": [3], "x": [1]] }, "the model has no input 'z'")
  }

  @Test func openExtentsAreBoundByArrays() throws {
    let array = StoredTensor(shape: [2, 3], [Float](repeating: 1, count: 6))
    #expect(try Self.shape(Self.model(["N", "C"]) { $0.tensors = ["x": array] }) == [2, 3])
    #expect(try Self.shape(Self.model(nil) { $0.tensors = ["x": array] }) == [2, 3])
  }

  @Test func oneNameIsOneExtent() throws {
    var model = ONNXTestModel(
      nodes: [.node("Add", ["x", "z"], ["y"])], inputs: [.value("x", ["N"]), .value("z", ["N"])])
    model.options.shapes = ["z": [4]]
    #expect(try Self.shape(model) == [4])
  }

  @Test func whatStaysOpenIsRefusedWithACure() {
    let found = Self.model(["N", 3]).complaints()
    #expect(found.map(\.message) == ["input 'x': axis 0 ('N') has no fixed extent"])
    #expect(found.first?.help == "give it with --shape 'x=1,3', or --set 'N=1'")
    expectRefusal(Self.model(nil), "its shape is not known")
    let hostile = Self.model(["N", "N", "N"]) { $0.settings = ["N": .max] }
    expectRefusal(hostile, "is negative or too large")
    expectRefusal(Self.model([-1]), "axis 0 has no fixed extent")
    expectRefusal(Self.model(["?"]), "axis 0 has no fixed extent")
    expectRefusal(Self.model([-2]), "is negative or too large")
  }

  @Test func shapesAreComputedWhileReading() throws {
    let model = ONNXTestModel(
      nodes: [
        .node("Shape", ["x"], ["s"]), .node("Concat", ["minus", "tail"], ["t"], .int("axis", 0)),
        .node("Reshape", ["x", "t"], ["y"]),
      ], initializers: [.integers("minus", [-1]), .integers("tail", [2])])
    #expect(try Self.shape(model) == [3, 2])
  }

  @Test func shapesThatDependOnDataNeedTheData() throws {
    var model = ONNXTestModel(
      nodes: [.node("Reshape", ["x", "s"], ["y"])],
      inputs: [.value("x", [2, 3]), .value("s", [2], element: 7)])
    expectRefusal(model, "is known only when the network runs", kind: .unsupported)
    model.options.tensors = ["s": StoredTensor(shape: [2], [Int64(3), 2])]
    #expect(try Self.shape(model) == [3, 2])
  }

  @Test func initializersThatAreInputsMayBeGivenAnew() throws {
    var model = ONNXTestModel(
      nodes: [.node("Add", ["x", "w"], ["y"])], inputs: [.value("x", [2]), .value("w", [2])],
      initializers: [.data("w", [2], [1, 2])])
    #expect(try model.run([10, 10])[0].values == [11, 12])
    model.options.tensors = ["w": StoredTensor(shape: [2], [Float(5), 6])]
    #expect(try model.run([10, 10])[0].values == [15, 16])
    model.options.tensors = ["w": StoredTensor(shape: [1], [Float(5)])]
    expectRefusal(model, "expected f32[2], the array given has shape [1]")
  }
}
