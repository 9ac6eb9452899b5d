import Foundation
import SourceText
import TensorFiles
import Testing

@testable import graphc

@Suite struct ClassificationTests {
  /// Four images of 4 x 4 pixels whose brightest quarter is their class.
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write(
      "quarters.graph",
      """
      graph quarters(N = 1) {
        input image: f32[N, 1, 4, 4]
        output scores = image -> avgpool(2) -> flatten
      }
      """)
    var pixels = [UInt8](repeating: 0, count: 64)
    for (image, corner) in [0, 2, 8, 10].enumerated() {
      for step in [0, 1, 4, 5] { pixels[16 * image + corner + step] = 255 }
    }
    try workspace.write("images.npy", StoredTensor(shape: [4, 1, 4, 4], pixels))
    try workspace.write("labels.npy", StoredTensor(shape: [4], [0, 1, 2, 2] as [Int64]))
    try workspace.write("classes.txt", "top left\ntop right\nbottom left\nbottom right\n\n")
    return workspace
  }

  private static let line = "run quarters.graph --interpreter --input image=images.npy --scale 255"

  @Test func accuracyCountsTheLargestScore() throws {
    let outcome = try workspace().graphc(Self.line + " --labels labels.npy")
    #expect(outcome.output == "accuracy 75.00 % (3 of 4)\n")
  }

  @Test func picturesStandSideBySide() throws {
    let outcome = try workspace().graphc(
      Self.line + " --labels labels.npy --classes classes.txt --show 4", environment: ["COLUMNS": "70"])
    #expect(
      outcome.output == """
        @@                                  @@

        top left                          top right


        @@                                  @@
        bottom left                       bottom right (true: bottom left)

        accuracy 75.00 % (3 of 4)

        """)
  }

  @Test func classesOfSamplesAreListed() throws {
    let outcome = try workspace().graphc(Self.line + " --classes a,b,c,d")
    #expect(outcome.output == "sample 0: a\nsample 1: b\nsample 2: c\nsample 3: d\n")
  }

  @Test func jsonHasPredictions() throws {
    let json = try workspace().graphc(Self.line + " --labels labels.npy --json").json()
    #expect(json["predictions"] == .array([.int(0), .int(1), .int(2), .int(3)]))
    #expect(json["right"] == .int(3))
    #expect(json["samples"] == .int(4))
  }

  @Test func colorsFollowTheTerminal() throws {
    let images = try #require(ImageBatch(StoredTensor(shape: [1, 1, 2, 1], [0, 255] as [UInt8])))
    let captions = [PictureSheet.Caption(text: "x", verdict: .right)]
    func text(_ depth: ColorDepth) -> String {
      let console = Console(outputColors: depth, errorColors: .none, showsProgress: false, width: 80)
      return PictureSheet(images, captions, console).text
    }
    #expect(text(.full) == "\u{1b}[38;2;0;0;0;48;2;255;255;255m▀\u{1b}[0m\n\u{1b}[32mx\u{1b}[0m\n\n")
    #expect(text(.palette) == "\u{1b}[38;5;232;48;5;255m▀\u{1b}[0m\n\u{1b}[32mx\u{1b}[0m\n\n")
    #expect(text(.none) == "+\nx\n\n")
  }

  @Test func imagesOfColors() throws {
    let red = try #require(ImageBatch(StoredTensor(shape: [1, 3, 1, 1], [9, 1, 1] as [Float])))
    #expect(red.scaled(0, rows: 1, columns: 1) == [[PixelColor(red: 1, green: 0, blue: 0)]])
    #expect(ImageBatch(StoredTensor(shape: [1, 2, 1, 1], [9, 1] as [Float])) == nil)
    #expect(ImageBatch(StoredTensor(shape: [0, 1, 1, 1], [] as [Float])) == nil)
    let flat = try #require(ImageBatch(StoredTensor(shape: [1, 1, 1, 2], [.nan, 3] as [Float])))
    #expect(flat.scaled(0, rows: 1, columns: 2).flatMap { $0 }.allSatisfy { $0.luminance == 0 })
  }

  @Test(arguments: [
    (true, ["TERM": "xterm-256color"], ColorDepth.palette),
    (true, ["TERM": "xterm", "COLORTERM": "truecolor"], .full),
    (true, ["TERM": "xterm", "NO_COLOR": "1"], .none), (true, ["TERM": "dumb"], .none), (true, [:], .none),
    (false, ["TERM": "xterm", "COLORTERM": "truecolor"], .none),
  ])
  func colorDepth(_ isTerminal: Bool, _ environment: [String: String], _ depth: ColorDepth) {
    #expect(ColorDepth(isTerminal: isTerminal, environment) == depth)
  }
}
