import Testing

@testable import GraphCompiler

@Suite struct MemoryMapTests {
  @Test(arguments: ["lenet5", "squeezenet1_1", "mlp_3_2_2"])
  func buffersNeverShareMemory(_ name: String) throws {
    let program = try Compilation(try ExampleNetwork.load(name)).program
    let picture = MemoryMapPicture(program)
    let map = MemoryMap(program)
    #expect(map.blocks.count == program.buffers.count { $0.role == .arena } - program.views.count)
    #expect(picture.frames.count == map.blocks.count)
    #expect(picture.frames.overlaps.isEmpty)
    #expect(map.blocks.allSatisfy { $0.offset + $0.byteCount <= map.arenaByteCount })
    #expect(map.steps.allSatisfy { $0.liveByteCount <= map.arenaByteCount })
    #expect(picture.svg == MemoryMapPicture(program).svg)
    let content = try SVGContent(picture.svg)
    for block in map.blocks {
      #expect(content.tooltips.count { $0.hasPrefix("\(block.name): \(block.type)\n") } == 1)
    }
  }

  @Test func drawsProgramsWithoutBuffers() throws {
    let program = try Compilation(try parse("graph one {\n  input x: f32[2]\n  output y = relu(x)\n}").graph)
      .program
    let content = try SVGContent(MemoryMapPicture(program).svg)
    #expect(content.labels.contains("place in the arena"))
    _ = try SVGContent(MemoryMapPicture(Program(name: "nothing")).svg)
  }

  @Test(arguments: [1, 3, 100, 1000, 44_000_000, 1 << 39]) func ticksAreRoundAndFew(_ limit: Int) {
    let axis = ByteAxis(upTo: limit)
    #expect(axis.ticks.first == 0)
    #expect((2...8).contains(axis.ticks.count))
    #expect(axis.ticks.allSatisfy { $0 <= limit } && axis.end > limit)
    #expect((axis.ticks[1] & (axis.ticks[1] - 1)) == 0)
  }
}
