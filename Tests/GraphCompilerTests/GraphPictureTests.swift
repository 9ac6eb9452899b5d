import Testing

@testable import GraphCompiler

@Suite struct GraphPictureTests {
  @Test(arguments: ExampleNetwork.pictured) func showsEveryNodeOnce(_ name: String) throws {
    let graph = try ExampleNetwork.load(name)
    let content = try SVGContent(GraphPicture(graph).svg)
    #expect(content.tooltips.first == graph.name)
    for node in graph.nodes {
      let statement = node.statement(in: graph)
      #expect(content.tooltips.count { $0.hasPrefix(statement + "\n") } == 1, "\(statement)")
    }
    for input in graph.inputs { #expect(content.labels.contains(graph[input].name)) }
  }

  @Test(arguments: ExampleNetwork.pictured, [false, true])
  func boxesAndLinksKeepApart(_ name: String, grouped: Bool) throws {
    let graph = try grouped ? ExampleNetwork.grouped(name) : ExampleNetwork.load(name)
    let picture = GraphPicture(graph)
    var boxCount = 0
    for section in picture.sections {
      #expect(section.frames.overlaps.isEmpty)
      for (item, frame) in zip(section.items, section.frames) {
        guard case .kernel(let kernel) = item else { continue }
        let members = kernel.memberFrames(frame)
        boxCount += members.count
        #expect(members.overlaps.isEmpty)
        #expect(
          members.allSatisfy { $0.x >= frame.x && $0.right <= frame.right && $0.bottom <= frame.bottom })
      }
    }
    #expect(boxCount == graph.nodes.count)
    #expect(picture.sections.map(\.frame).overlaps.isEmpty)
  }

  @Test func isTheSameEveryTime() throws {
    let graph = try ExampleNetwork.load("squeezenet1_1")
    #expect(GraphPicture(graph).svg == GraphPicture(graph).svg)
  }

  @Test func continuesTallGraphsInColumns() throws {
    let picture = GraphPicture(try ExampleNetwork.load("resnet50"))
    #expect(picture.sections.count > 2)
    let heights = picture.sections.map(\.frame.height)
    #expect((heights.max() ?? 0) < 2 * (heights.min() ?? 0))
  }

  @Test func drawsGraphsWithoutNodes() throws {
    let graph = try parse("graph empty(N = 1) {\n  input x: f32[N, 2]\n  output y = x\n}").graph
    let content = try SVGContent(GraphPicture(graph).svg)
    #expect(content.labels.contains("x") && content.labels.contains("y"))
    _ = try SVGContent(GraphPicture(Graph(name: "nothing")).svg)
  }

  @Test(arguments: [
    ("conv(f32[1, 2, 5, 5], f32[3, 2, 3, 3], pad: 1)", WorkClass.contraction),
    ("fc(f32[1, 8], f32[4, 8], f32[4])", .contraction), ("matmul(f32[2, 3], f32[3, 4])", .contraction),
    ("maxpool(f32[1, 2, 4, 4], 2)", .pooling), ("avgpool(f32[1, 2, 4], 3, stride: 1, pad: 1)", .pooling),
    ("global_avgpool(f32[1, 2, 4, 4])", .pooling), ("lrn(f32[1, 8, 4, 4])", .normalization),
    ("softmax(f32[1, 8])", .normalization), ("reduce_max(f32[4, 8], axes: [1])", .normalization),
    ("batch_norm(f32[1, 3, 2, 2], f32[3], f32[3], f32[3], f32[3])", .normalization),
    ("relu(f32[1, 8])", .pointwise), ("add(f32[2, 3], f32[3])", .pointwise), ("gelu(f32[3])", .pointwise),
    ("concat(f32[1, 2], f32[1, 3])", .movement), ("transpose(f32[2, 3], perm: [1, 0])", .movement),
    ("flatten(f32[2, 3, 1])", .movement),
  ]) func findsTheKindOfWork(_ example: String, _ expected: WorkClass) throws {
    let graph = try GraphParser.parseExample(example)
    #expect(GraphCosts(graph).nodes.map(\.workClass) == [expected])
  }
}
