import Testing

@testable import GraphCompiler

@Suite struct RooflinePictureTests {
  private func dot(_ intensity: Double, _ gigaflops: Double, share: Double = 0.1) -> RooflinePicture.Dot {
    RooflinePicture.Dot(
      tooltip: "k: \(intensity)", intensity: intensity, gigaflops: gigaflops, share: share,
      workClass: .contraction)
  }

  @Test func everyKernelHasADotWithATooltip() throws {
    let picture = RooflinePicture(
      title: "net: roofline", peak: 143.2, bandwidth: 11,
      dots: [dot(0.25, 2), dot(40, 120), dot(90, 210), dot(0, 0)])
    let content = try SVGContent(picture.svg)
    #expect(content.tooltips == ["net: roofline", "k: 0.25", "k: 40.0", "k: 90.0"])
    for label in [
      "net: roofline", "peak 143 GFLOP/s, memory 11 GB/s", "contraction", "operations per byte", "GFLOP/s",
      "1 step without arithmetic not shown",
    ] {
      #expect(content.labels.contains(label))
    }
    #expect(picture.svg == picture.svg)
  }

  /// Above the roof, far below it, at the edges: the frame holds the center of every dot.
  @Test(arguments: [1e-3, 0.1, 1, 37, 1e4]) func dotsStayInTheFrame(_ scale: Double) {
    let dots = [dot(scale, scale), dot(1 / scale, 3 * scale, share: 1), dot(10 * scale, 0.01)]
    let picture = RooflinePicture(title: "net", peak: 100, bandwidth: 10, dots: dots)
    #expect(picture.places.count == 3)
    for place in picture.places {
      #expect((picture.frame.x...picture.frame.right).contains(place.center.x))
      #expect((picture.frame.y...picture.frame.bottom).contains(place.center.y))
    }
  }

  @Test func intensityGrowsToTheRightAndSpeedUpward() {
    let picture = RooflinePicture(
      title: "net", peak: 100, bandwidth: 10, dots: [dot(1, 1), dot(10, 1), dot(1, 50)])
    let centers = picture.places.map(\.center)
    #expect(centers[1].x > centers[0].x && centers[1].y == centers[0].y)
    #expect(centers[2].y < centers[0].y && centers[2].x == centers[0].x)
  }

  /// Names of one decade never stand in each other's way.
  @Test(arguments: [[1.0], [1e-6, 1e6], [0.5, 700], [1e-30, 1e30]]) func axesSpanWholeDecades(
    _ values: [Double]
  ) {
    let axis = DecadeAxis(values)
    #expect(values.allSatisfy { axis.start < $0 && $0 < axis.end })
    #expect((2...12).contains(axis.ticks.count))
    #expect(axis.share(axis.start) == 0 && axis.share(axis.end) == 1)
  }

  @Test(arguments: [(0.0, 0.0), (.nan, 5), (.infinity, 1)]) func oddMachines(
    _ peak: Double, _ bandwidth: Double
  ) throws {
    let picture = RooflinePicture(
      title: "odd", peak: peak, bandwidth: bandwidth, dots: [dot(.nan, 1), dot(1, .infinity), dot(2, 3)])
    #expect(picture.places.count == 1)
    #expect(try SVGContent(picture.svg).labels.contains("2 steps without arithmetic not shown"))
  }
}
