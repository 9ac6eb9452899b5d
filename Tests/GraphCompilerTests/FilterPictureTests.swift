import Testing

@testable import GraphCompiler

@Suite struct FilterPictureTests {
  @Test func drawsEveryElementOnce() throws {
    var graph = try ExampleNetwork.load("lenet5")
    for value in graph.parameters {
      let (name, type) = (graph[value].name, graph.type(of: value))
      guard case .parameter(let source) = graph[value].source else { continue }
      graph[value].source = .parameter(.data(source.data(name, type)))
    }
    let svg = FilterPicture(graph).svg
    let content = try SVGContent(svg)
    #expect(content.labels.contains("conv1.weight") && content.labels.contains("conv2.weight"))
    #expect(!content.labels.contains("fc1.weight"))
    // A square for each element of 6·1·5·5 and 16·6·5·5.
    #expect(svg.split(separator: "z").count - 1 >= 150 + 2400)
    #expect(svg == FilterPicture(graph).svg)
  }

  @Test func showsKnownFiltersOnly() throws {
    var graph = try ExampleNetwork.load("lenet5")
    for value in graph.parameters where graph[value].name == "conv2.weight" {
      let type = graph.type(of: value)
      graph[value].source = .parameter(
        .data(TensorData(type, doubles: Array(repeating: .nan, count: type.count))))
    }
    let content = try SVGContent(FilterPicture(graph).svg)
    #expect(content.labels.contains("conv2.weight") && !content.labels.contains("conv1.weight"))
  }

  @Test func saysThatThereIsNothing() throws {
    let content = try SVGContent(FilterPicture(ExampleNetwork.load("mlp_3_2_2")).svg)
    #expect(content.labels.contains("no parameter has windows"))
  }

  @Test func showsTheFirstFiltersBeforeTraining() throws {
    let content = try SVGContent(FilterPicture(ExampleNetwork.load("alexnet")).svg)
    #expect(content.labels.contains("conv1.weight") && !content.labels.contains("conv2.weight"))
  }

  @Test func colorsShowSigns() {
    #expect(FilterColor(signed: 0, limit: 2).text == "#f7f7f7")
    #expect(FilterColor(signed: 2, limit: 2).text == "#b21f2d")
    #expect(FilterColor(signed: -2, limit: 2).text == "#215fa8")
    #expect(FilterColor(signed: .nan, limit: 0).text == "#f7f7f7")
    #expect(FilterColor([0, 1, 0.5], 0...1).text == "#00ff7f")
  }
}
