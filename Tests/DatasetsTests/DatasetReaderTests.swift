import Foundation
import TensorFiles
import Testing

@testable import Datasets

/// A folder of files for one test.
final class DataFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  /// What is said about data in this folder, with the folder left out; nil where they are read.
  func refusal(_ names: String..., reader: DatasetReader = DatasetReader()) -> String? {
    do throws(TensorFileError) {
      _ = try reader.read(names.map(path).joined(separator: ","))
      return nil
    } catch {
      return error.description.replacing(url.path + "/", with: "")
    }
  }
}

@Suite struct ArrayDataTests {
  private func idx(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    let extents = shape.flatMap { extent in withUnsafeBytes(of: UInt32(extent).bigEndian) { [UInt8]($0) } }
    let start: [UInt8] = [0, 0, 8, UInt8(shape.count)]
    return start + extents + bytes
  }

  @Test func pairs() throws {
    let folder = try DataFolder()
    try folder.write("images.idx", idx([2, 1, 2], [1, 2, 3, 4]))
    try folder.write("labels.idx", idx([2], [1, 0]))
    try NumpyFile.write(StoredTensor(shape: [2, 1], [0.5, 1.5] as [Float]), to: folder.path("x.npy"))
    let reader = DatasetReader()
    let data = try reader.read("\(folder.path("images.idx")),\(folder.path("labels.idx"))")
    #expect(data.count == 2)
    #expect(data.columns.map(\.shape) == [[2, 1, 2], [2]])
    #expect(data.columns[0].bytes == [1, 2, 3, 4] && data.columns[1].bytes == [1, 0])
    // Mixed kinds, and more than two.
    let mixed = try reader.read(
      "\(folder.path("x.npy")),\(folder.path("images.idx")),\(folder.path("labels.idx"))")
    #expect(mixed.columns.map(\.element) == [.f32, .u8, .u8])
    // One alone, such as for an autoencoder.
    #expect(try reader.read(folder.path("x.npy")).columns.count == 1)
  }

  @Test func aNameWithACommaIsOneFile() throws {
    let folder = try DataFolder()
    try folder.write("a,b.csv", "1,2\n")
    #expect(try DatasetReader().read(folder.path("a,b.csv")).count == 1)
  }

  @Test func mistakes() throws {
    let folder = try DataFolder()
    try folder.write("images.idx", idx([2, 1, 2], [1, 2, 3, 4]))
    try folder.write("three.idx", idx([3], [1, 0, 1]))
    try folder.write("none.idx", idx([0, 2], []))
    try folder.write("cut.idx", idx([2, 1, 2], [1, 2]))
    try folder.write("number.idx", idx([], [1]))
    try folder.write("corrupt.gz", [0x1F, 0x8B, 8, 0, 1, 2])
    #expect(
      folder.refusal("images.idx", "three.idx")
        == "three.idx: expected as many labels as samples: 'images.idx' has 2, found 3")
    #expect(folder.refusal("none.idx", "none.idx") == "none.idx: there are no samples in it: it is u8[0,2]")
    #expect(
      folder.refusal("cut.idx", "three.idx")
        == "cut.idx: the file is cut short: u8[2,1,2] takes 4 bytes, found 2")
    #expect(
      folder.refusal("number.idx", "three.idx") == "number.idx: expected many samples: found a single number")
    #expect(
      folder.refusal("corrupt.gz", "three.idx")
        == "corrupt.gz: cannot decompress the file: the compressed data are cut short")
    #expect(folder.refusal("no.idx", "three.idx") == "no.idx: cannot read the file: no such file or folder")
    #expect(folder.refusal("no.csv") == "no.csv: cannot read the file: no such file or folder")
  }
}

@Suite struct ImageFolderTests {
  private func folder() throws -> DataFolder {
    let folder = try DataFolder()
    try folder.write("data/cat/2.pgm", "P2 2 1 255 3 4")
    try folder.write("data/cat/1.pgm", "P2 2 1 255 1 2")
    try folder.write("data/cat/notes.txt", "no image")
    try folder.write("data/ant/x.PPM", "P3 2 1 255 9 9 9 255 0 0")
    try folder.write("data/.git/config", "")
    return folder
  }

  @Test func classesInOrderOfTheirNames() throws {
    let folder = try folder()
    var reader = DatasetReader()
    let data = try reader.read(folder.path("data") + "/")
    #expect(data.classNames == ["ant", "cat"])
    #expect(data.columns[0].shape == [3, 3, 1, 2])
    #expect(data.columns[0].bytes == [9, 255, 9, 0, 9, 0, 1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4])
    #expect(try data.columns[1].int64s() == [0, 1, 1])
    reader.channels = 1
    #expect(try reader.read(folder.path("data")).columns[0].bytes == [9, 76, 1, 2, 3, 4])
  }

  @Test func knownClassesKeepTheirNumbers() throws {
    let folder = try folder()
    var reader = DatasetReader()
    reader.classNames = ["zebra", "cat", "ant"]
    let data = try reader.read(folder.path("data"))
    #expect(data.classNames == ["zebra", "cat", "ant"])
    #expect(try data.columns[1].int64s() == [2, 1, 1])
    reader.classNames = ["cat", "dog"]
    #expect(
      folder.refusal("data", reader: reader)
        == "data: expected folders of the classes of the training data, found 'ant': these are cat, dog")
  }

  @Test func mistakes() throws {
    let folder = try folder()
    try folder.write("flat/1.pgm", "P2 2 1 255 3 4")
    try folder.write("empty/dog/readme", "")
    try folder.write("deep/dog/small/1.pgm", "P2 2 1 255 3 4")
    try folder.write("photos/dog/1.JPG", "")
    try folder.write("sizes/a/1.pgm", "P2 2 1 255 3 4")
    try folder.write("sizes/b/2.pgm", "P2 1 2 255 3 4")
    try folder.write("broken/a/1.png", "P2 2 1")
    #expect(
      folder.refusal("flat")
        == "flat: expected a folder of images for each class, found no folder in it "
        + "(arrange the images as flat/CLASS/NAME.png)")
    #expect(
      folder.refusal("empty") == "empty/dog: there are no images in it: these end in png, pgm, ppm, pnm")
    #expect(
      folder.refusal("deep")
        == "deep/dog: expected images, found a folder 'small' in the folder of a class")
    #expect(folder.refusal("photos") == "photos/dog/1.JPG: JPG images are not read (convert them to PNG)")
    #expect(
      folder.refusal("sizes")
        == "sizes/b/2.pgm: expected images of one size: 'sizes/a/1.pgm' has 2 x 1 pixels, found 1 x 2 "
        + "(scale or crop them)")
    #expect(
      folder.refusal("broken")
        == "broken/a/1.png: malformed image: the largest sample is not a number of few digits")
  }
}
