import Foundation
import TensorFiles
import Testing

@testable import graphc

/// The command as users call it.
@Suite struct TrainCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write("net.graph", Networks.trained)
    try workspace.write("data.csv", "1,2,3,0\n4,5,6,1\n")
    return workspace
  }

  @Test(arguments: [
    ("train net.graph", "graphc train: error: expected '--data': what to learn from"),
    (
      "train net.graph --data data.csv --epochs 0",
      "graphc train: error: option '--epochs' wants an integer from 1"
    ),
    (
      "train net.graph --data data.csv --split 2",
      "graphc train: error: option '--split' wants a number between"
    ),
  ])
  func wrongUsage(_ line: String, _ headline: String) throws {
    let outcome = try workspace().graphc(line)
    #expect(outcome.status == 2 && outcome.headline.hasPrefix(headline))
  }

  @Test(arguments: [
    ("train net.graph --data no.csv", "error: no.csv: cannot read the file: no such file or folder"),
    (
      "train net.graph --data data.csv --split 0.1",
      "error: data.csv: a share of 0.1 of 2 samples holds out 0"
    ),
    (
      "train net.graph --data data.csv --resume data.csv",
      "error: data.csv: the header is longer than the file"
    ),
    (
      "train net.graph --data data.csv --out no/best",
      "error: no/best: cannot write the file: no such file or folder"
    ),
    ("train plain.graph --data data.csv", "error: graph 'scale' has no train section"),
    ("train fixed.graph --data data.csv --batch 4", "fixed.graph:2:9: error: expected a batch of 4"),
  ])
  func invalidInput(_ line: String, _ headline: String) throws {
    let workspace = try workspace()
    try workspace.write("plain.graph", Networks.scale)
    try workspace.write(
      "fixed.graph", Networks.trained.replacing("(N = 1)", with: "").replacing("N", with: "2"))
    let before = try workspace.contents()
    let outcome = try workspace.graphc(line)
    #expect(outcome.status == 1)
    #expect(outcome.headline.hasPrefix(headline), "\(outcome.headline)")
    #expect(try workspace.contents() == before)
  }
}
