import TensorFiles
import Testing

@testable import Datasets

@Suite struct CSVDataTests {
  private func read(
    _ text: String, labels: [String] = [], classes: [String] = []
  ) throws(TensorFileError) -> Dataset {
    let file = MappedFile(bytes: Array(text.utf8), path: "t.csv")
    return try CSVData(file, labels: labels, classNames: classes).read()
  }

  private func refusal(_ text: String, labels: [String] = [], classes: [String] = []) -> String? {
    do throws(TensorFileError) {
      _ = try read(text, labels: labels, classes: classes)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func labelsComeLastWithoutNames() throws {
    let data = try read("0,1,1\n1,1,0\n")
    #expect(data.columns[0] == StoredTensor(shape: [2, 2], [0, 1, 1, 1] as [UInt8]))
    #expect(data.columns[1] == StoredTensor(shape: [2], [1, 0] as [Double]))
    #expect(data.classNames == [])
  }

  @Test func namedColumns() throws {
    let data = try read("Label,1x1,1x2\r\n7,0,255\r\n\r\n2,128,3")
    #expect(data.columns[0].bytes == [0, 255, 128, 3])
    #expect(data.columns[1].doubles() == [7, 2])
    let other = try read("a,b,c\n1,2,3\n", labels: ["b"])
    #expect(other.columns.map { $0.doubles() } == [[1, 3], [2]])
    let numbered = try read("1,2,3\n", labels: ["1", "3"])
    #expect(numbered.columns.map(\.shape) == [[1, 1], [1, 2]])
    #expect(numbered.columns[1].doubles() == [1, 3])
  }

  @Test func namesOfClasses() throws {
    let data = try read("5.1;3.5;setosa\n4;-2;virginica\n1e2;.5;setosa\n")
    #expect(data.classNames == ["setosa", "virginica"])
    #expect(try data.columns[1].int64s() == [0, 1, 0])
    #expect(data.columns[0].doubles() == [5.1, 3.5, 4, -2, 100, 0.5])
    #expect(try read("1,b\n", classes: ["a", "b"]).columns[1].int64s() == [1])
  }

  @Test func quotesAndMarks() throws {
    let data = try read("\u{FEFF}\"1\" , \"he said \"\"x, y\"\"\"\n2,\"two\nlines\"\n")
    #expect(data.classNames == ["he said \"x, y\"", "two\nlines"])
    #expect(data.columns[0].bytes == [1, 2])
    let tabs = try read("1\t2\t0\n")
    #expect(tabs.columns[0].bytes == [1, 2])
  }

  @Test(arguments: [
    "0.1", "123456789012345", "-0.000001", "1234567.89012345", "3.", "1e-3", "+7", "0.30000000000000004",
  ])
  func numbersAreTheNearest(_ text: String) throws {
    #expect(try read("\(text),1\n").columns[0].doubles() == [try #require(Double(text))])
  }

  @Test func bytesGiveWayToNumbers() throws {
    let data = try read("1,2,0\n3,-4,0\n")
    #expect(data.columns[0] == StoredTensor(shape: [2, 2], [1, 2, 3, -4] as [Double]))
  }

  @Test(arguments: [
    ("", "t.csv: there are no samples in it"), ("\n\n", "t.csv: there are no samples in it"),
    ("a,b\n", "t.csv: there are no samples in it"),
    ("1,2\n3\n", "t.csv: line 2: expected 2 fields, found 1"),
    ("1\n2\n", "t.csv: expected a table with columns of values and of labels: it has one column"),
    ("1,2,3\n1,x,3\n", "t.csv: line 2: expected a number in column 2, found 'x'"),
    ("a,b,c\n1,,3\n", "t.csv: line 2: expected a number in column 'b', found nothing"),
    ("1,nan,3\n", "t.csv: line 1: expected a number in column 2, found 'nan'"),
    ("1,inf,3\n", "t.csv: line 1: expected a number in column 2, found 'inf'"),
    ("1,1e999,3\n", "t.csv: line 1: expected a number in column 2, found '1e999'"),
    ("1,0x10,3\n", "t.csv: line 1: expected a number in column 2, found '0x10'"),
    ("1,-,3\n", "t.csv: line 1: expected a number in column 2, found '-'"),
    ("1,3\n1,x\n", "t.csv: line 2: expected a number as the label, found 'x'"),
    ("1,\"x\n\n2,3", "t.csv: line 1: a quote is not closed"),
    ("1,2\n\"1\"2,3\n", "t.csv: line 2: expected the end of the field behind its closing quote"),
    ("1,\u{1}\n", nil),
  ])
  func mistakes(_ text: String, _ expected: String?) {
    #expect(refusal(text) == expected)
  }

  @Test func mistakesAboutColumns() {
    #expect(
      refusal("size,kind\n1,2\n", labels: ["kinds", "size"])
        == "t.csv: expected a column 'kinds' of labels, found none: it has size, kind (did you mean 'kind'?)")
    #expect(
      refusal("1,2\n", labels: ["3"])
        == "t.csv: expected a column '3' of labels, found none: its 2 columns have no names "
        + "(columns also have numbers, from 1)")
    #expect(refusal("1,2\n", labels: ["1", "2"]) == "t.csv: all columns hold labels, none holds values")
    #expect(
      refusal("1,c\n", classes: ["a", "b"])
        == "t.csv: expected classes of the training data, found 'c': these are a, b")
  }
}
