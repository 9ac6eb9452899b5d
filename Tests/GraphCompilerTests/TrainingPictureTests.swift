import Testing

@testable import GraphCompiler

@Suite struct TrainingPictureTests {
  private func curves(_ count: Int) -> LearningCurvePicture {
    let values = (1...count).map { 2 / Double($0) }
    return LearningCurvePicture(
      title: "net: learning curves",
      loss: [
        .init(name: "training", values: values), .init(name: "validation", values: values.map { $0 + 0.1 }),
      ],
      accuracy: [
        .init(name: "training", values: values.map { 1 - $0 / 3 }),
        .init(name: "validation", values: values.map { _ in .nan }),
      ], bestEpoch: count)
  }

  @Test(arguments: [1, 2, 10, 500]) func curvesOfAnyLength(_ count: Int) throws {
    let content = try SVGContent(curves(count).svg)
    for label in [
      "net: learning curves", "training", "validation", "best epoch", "loss", "accuracy in %", "epoch",
    ] {
      #expect(content.labels.contains(label))
    }
    #expect(curves(count).svg == curves(count).svg)
  }

  @Test(arguments: [[], [Double.nan], [3, 3, 3], [-1e300, 1e300], [1e-300], [.infinity, 2]]) func oddNumbers(
    _ values: [Double]
  ) throws {
    let picture = LearningCurvePicture(
      title: "odd", loss: [.init(name: "training", values: values)], accuracy: [], bestEpoch: 1)
    #expect(try SVGContent(picture.svg).labels.contains("loss"))
  }

  @Test func axes() {
    let tenths = NumberAxis(from: 0.13, to: 0.87, ticks: 4).ticks.map { ($0 * 10).rounded() }
    #expect(tenths == [0, 2, 4, 6, 8, 10])
    let whole: [Double] = (1...10).map(Double.init)
    #expect(NumberAxis(from: 1, to: 10, ticks: 10, areWhole: true, isTight: true).ticks == whole)
    let flat = NumberAxis(from: 5, to: 5, ticks: 4)
    #expect(flat.start < 5 && flat.end > 5)
    for span in [1e-9, 3.7, 1e9] {
      let axis = NumberAxis(from: 1, to: 1 + span, ticks: 6)
      #expect(axis.start <= 1 && axis.end >= 1 + span && (2...13).contains(axis.ticks.count))
    }
  }

  @Test func confusionShowsEveryCount() throws {
    let picture = ConfusionPicture(title: "net", counts: [[9, 1], [0, 30]], names: ["cat", "a & b"])
    let content = try SVGContent(picture.svg)
    for label in ["cat", "a & b", "9", "1", "30", "90.0 %", "100.0 %"] {
      #expect(content.labels.contains(label))
    }
    #expect(content.tooltips.contains("cat said to be a & b: 1"))
    #expect(content.labels.contains { $0.hasPrefix("39 of 40 right") })
  }

  @Test(arguments: [1, 40, 300]) func confusionOfManyClasses(_ count: Int) throws {
    let counts = (0..<count).map { row in (0..<count).map { $0 == row ? 3 : 0 } }
    let picture = ConfusionPicture(title: "net", counts: counts, names: (0..<count).map { "class \($0)" })
    #expect(try SVGContent(picture.svg).elements.count > count)
  }
}
