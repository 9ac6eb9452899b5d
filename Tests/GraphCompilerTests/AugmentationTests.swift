import SourceText
import Testing

@testable import GraphCompiler

@Suite struct AugmentationTests {
  private func graph(_ directives: String) throws -> Graph {
    let text = """
      graph net {
        input x: f32[2, 3, 4, 5]
        output y = x -> global_avgpool -> flatten -> fc(4)
        train {
          minimize reduce_sum(y, keep: false)
          \(directives)
        }
      }
      """
    return try GraphParser.parse(SourceFile(path: "net.graph", text: text)).graph
  }

  @Test func readsEveryForm() throws {
    let graph = try graph(
      "augment flip()\naugment crop(pad: 4)\naugment scale(255)\naugment normalize(mean: [0.5, 0.4, 0.3], std: 0.25)"
    )
    let augmentation = try Augmentation(graph)
    #expect(augmentation.flips && augmentation.cropPadding == 4 && augmentation.divisor == 255)
    #expect(augmentation.mean == [0.5, 0.4, 0.3] && augmentation.deviation == [0.25])
    #expect(try Augmentation(self.graph("augment flip")).flips)
  }

  @Test func nothingByDefault() throws {
    #expect(try Augmentation(graph("with sgd(rate: 0.1)")) == Augmentation())
    #expect(Augmentation().divisor == nil && !Augmentation().flips)
  }
}
