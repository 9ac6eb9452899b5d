import SourceText
import Testing

@Suite struct JSONTests {
  static let values: [(JSON, String)] = [
    (.null, "null"), (.bool(true), "true"), (.int(-7), "-7"), (.int(.max), "9223372036854775807"),
    (.double(0.1), "0.1"), (.double(-2.5e300), "-2.5e+300"), (.string("a\"\\\n\u{1}é"), #""a\"\\\n\u0001é""#),
    (.array([]), "[]"), (.object([]), "{}"),
    (.object([("b", .int(1)), ("a", .array([.int(2), .null]))]), #"{"b":1,"a":[2,null]}"#),
  ]

  @Test(arguments: values)
  func writesAndReadsBack(value: JSON, text: String) throws {
    #expect(value.text() == text)
    #expect(try JSON(parsing: text) == value)
    #expect(try JSON(parsing: value.text(pretty: true)) == value)
  }

  @Test func prettyText() {
    let value = JSON.object([("a", .array([.int(1), .int(2)])), ("b", .object([]))])
    #expect(value.text(pretty: true) == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}")
    #expect(JSON.double(.nan).text() == "null")
    #expect(value["a"]?.arrayValue?.first?.intValue == 1)
    #expect(value["c"] == nil)
  }

  @Test(arguments: [
    (#" { "a" : [ 1 , -0.5e1 ] } "#, JSON.object([("a", .array([.int(1), .double(-5)]))])),
    (#""\u00e9\ud83d\ude00\/\b""#, .string("é😀/\u{8}")),
    ("99999999999999999999", .double(1e20)),
  ])
  func reads(text: String, value: JSON) throws {
    #expect(try JSON(parsing: text) == value)
  }

  @Test(arguments: [
    ("", 0), ("{", 1), ("[1,]", 3), ("[1 2]", 3), ("{\"a\":1,}", 7), ("{a:1}", 1), ("{\"a\" 1}", 5),
    ("01", 1),
    ("-", 1), ("1.", 2), ("1e", 2), ("tru", 0), ("\"a", 0), ("\"\\q\"", 2), ("\"\\ud800\"", 7),
    ("\"\\u12g4\"", 3),
    ("1 1", 2), ("{\"a\":1,\"a\":2}", 7), ("1e999", 0), ("\"a\nb\"", 2), ("NaN", 0), ("'a'", 0),
  ])
  func refuses(text: String, offset: Int) {
    #expect { try JSON(parsing: text) } throws: { ($0 as? JSONError)?.offset == offset }
  }

  @Test func limits() {
    let deep = String(repeating: "[", count: 100_000)
    #expect { try JSON(parsing: deep) } throws: {
      ($0 as? JSONError)?.message == "nested deeper than 64 levels"
    }
    #expect(throws: JSONError.self) { try JSON(parsing: [0x22, 0xFF, 0x22] as [UInt8]) }
  }
}
