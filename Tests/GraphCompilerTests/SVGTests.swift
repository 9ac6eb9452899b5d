import Testing

@testable import GraphCompiler

@Suite struct SVGTests {
  @Test(arguments: [
    (0.0, "0"), (-0.001, "0"), (1.005, "1"), (1.05, "1.05"), (12.5, "12.5"), (-3.456, "-3.46"),
    (-0.5, "-0.5"),
    (100, "100"), (.infinity, "1000000000"),
  ]) func writesShortNumbers(_ value: Double, _ expected: String) {
    #expect(SVG.number(value) == expected)
  }

  @Test func escapesText() throws {
    var svg = SVG(size: Size(10, 10), title: "a<b & \"c\"")
    svg.text("x > \u{1}y\u{7f}", at: Point(1, 2), SVG.Font(size: 9))
    let content = try SVGContent(svg.text)
    #expect(content.tooltips == ["a<b & \"c\""])
    #expect(content.labels == ["x > y"])
  }

  @Test func clipsInTheMiddle() {
    let font = SVG.Font(size: 10)
    let name = "residual1.batch_norm1"
    #expect(TextWidth.clipped(name, to: 500, font) == name)
    let short = TextWidth.clipped(name, to: 70, font)
    #expect(short.contains("…") && name.hasPrefix(short.prefix { $0 != "…" }))
    #expect(TextWidth.width(short, font) <= 70)
    #expect(TextWidth.clipped(name, to: 0, font) == "…")
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (61706, "61,706"), (-1_234_567, "-1,234,567"),
    (.min, "-9,223,372,036,854,775,808"),
  ]) func groupsDigits(_ number: Int, _ expected: String) {
    #expect(HumanUnits.grouped(number) == expected)
  }

  @Test(arguments: [
    (0.0, "0"), (2, "2"), (-3, "-3"), (2.0 / 3, "0.666667"), (1.7159, "1.7159"), (1e-5, "1e-05"),
    (123.456789, "123.457"), (.infinity, "inf"), (0.1 + 0.2, "0.3"),
  ]) func roundsNumbers(_ number: Double, _ expected: String) {
    #expect(HumanUnits.rounded(number) == expected)
  }

  @Test(arguments: [
    (0, "0 B"), (784, "784 B"), (1023, "1023 B"), (1024, "1 KiB"), (18816, "18.4 KiB"), (1_048_570, "1 MiB"),
    (102_228_128, "97.5 MiB"), (1 << 40, "1 TiB"), (.max, "8388608 TiB"),
  ]) func namesBytes(_ count: Int, _ expected: String) {
    #expect(HumanUnits.bytes(count) == expected)
  }

  @Test(arguments: [
    (100, 100, "1.00"), (1001, 1000, "1.01"), (150, 100, "1.50"), (0, 0, "1.00"), (1999, 1000, "2.00"),
  ])
  func roundsRatiosUp(_ count: Int, _ least: Int, _ expected: String) {
    #expect(HumanUnits.ratio(count, least) == expected)
  }
}
