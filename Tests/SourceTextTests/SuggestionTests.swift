import SourceText
import Testing

@Suite struct SuggestionTests {
  static let names = [
    "softmax", "conv", "stride", "sigmoid", "maxpool", "avgpool", "relu", "elu", "x", "pad",
  ]

  @Test(arguments: [
    ("strid", "stride"), ("stirde", "stride"), ("Relu", "relu"), ("reul", "relu"), ("sig", "sigmoid"),
    ("conv2d", "conv"), ("max_pool", "maxpool"), ("avgpol", "avgpool"), ("pda", "pad"),
  ])
  func near(name: String, expected: String) {
    #expect(suggestion(for: name, among: Self.names) == expected)
    #expect(suggestion(for: name, among: Self.names.reversed()) == expected)
    #expect(didYouMean(name, among: Self.names) == "did you mean '\(expected)'?")
  }

  @Test(arguments: [
    "y", "", "transformer", "zz", "relu_but_quite_different", String(repeating: "a", count: 9999),
  ])
  func far(name: String) {
    #expect(suggestion(for: name, among: Self.names) == nil)
  }

  @Test func tiesGoToTheAlphabet() {
    #expect(suggestion(for: "axis", among: ["axes", "axas"]) == "axas")
    #expect(suggestion(for: "same", among: ["same"]) == nil)
  }
}
