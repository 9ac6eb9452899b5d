import Foundation
import LoopIR
import TensorFiles
import Testing

@testable import GraphCompiler

/// Constants whose elements stay in a file, beside the same constants in memory.
@Suite struct MappedTensorTests {
  static let elements: [(ElementType, [Double])] = [
    (.f32, [0, -0.0, 1.5, .infinity, -0x1p120]), (.f64, [0, 0.1, -1e300]), (.f16, [0, 1.5, -65504, 0x1p-24]),
    (.bf16, [0, 1.5, -0.0078125]), (.i8, [-128, 127]), (.i16, [-32768, 1]), (.i32, [-2_147_483_648, 7]),
    (.i64, [-9_007_199_254_740_992, 1]), (.u8, [0, 255]), (.u16, [0, 65535]), (.u32, [0, 4_294_967_295]),
    (.u64, [0, 9_007_199_254_740_992]), (.bool, [0, 1, 1]),
  ]

  /// The tensor at an odd address of a file.
  static func mapped(_ data: TensorData) throws -> TensorData {
    let file = MappedFile(bytes: [0xAB, 0xCD, 0xEF] + data.bytes + [0x12])
    return try #require(TensorData(data.type, mapped: file, offset: 3))
  }

  @Test(arguments: elements)
  func itIsTheSameTensor(element: ElementType, values: [Double]) throws {
    let data = TensorData(TensorType(element, [values.count]), doubles: values)
    let mapped = try Self.mapped(data)
    #expect(mapped.doubles == values)
    #expect(mapped.doubles.map(\.sign) == values.map(\.sign))
    #expect(mapped == data && data == mapped)
    #expect(mapped.hashValue == data.hashValue)
    #expect(mapped.bytes == data.bytes)
    #expect(mapped.bytes.count == data.type.byteCount)
    #expect(TensorData(data.type, bytes: data.bytes) == data)
    for range in [0..<0, 1..<2, 0..<values.count] {
      let size = element.byteCount
      let part = Array(data.bytes[range.lowerBound * size..<range.upperBound * size])
      #expect(mapped.withBytes(of: range) { Array($0) } == part)
      #expect(data.withBytes(of: range) { Array($0) } == part)
    }
    let other = TensorData(data.type, doubles: Array(values.dropLast()) + [values.last == 1 ? 0 : 1])
    #expect(mapped != other && other != mapped)
    #expect(try Self.mapped(other) != mapped)
  }

  @Test func elementsStayInTheFile() throws {
    guard case .stored = try Self.mapped(TensorData(TensorType(.f32, [2]), doubles: [1, 2])).storage else {
      Issue.record("expected no copy")
      return
    }
    let halves = try StoredTensor(shape: [2], [1, 2] as [Float]).converted(to: .f16)
    let data = try TensorData(halves, as: .f32)
    #expect(data.storage == .stored(halves))
    #expect(data == TensorData(TensorType(.f32, [2]), doubles: [1, 2]))
    #expect(data.bytes == TensorData(TensorType(.f32, [2]), doubles: [1, 2]).bytes)
  }

  @Test func longTensorsAreComparedToTheEnd() throws {
    let values = (0..<200_000).map(Float.init)
    let data = TensorData(TensorType(.f32, [values.count]), .f32(values))
    let mapped = try Self.mapped(data)
    #expect(mapped == data)
    var other = values
    other[values.count - 1] = -1
    #expect(mapped != TensorData(data.type, .f32(other)))
    #expect(mapped != TensorData(data.type, .integers([Int64](repeating: 0, count: values.count))))
  }

  @Test func notANumberEqualsItself() throws {
    let data = TensorData(TensorType(.f32, [2]), .f32([.nan, 0]))
    #expect(try Self.mapped(data) == data)
    #expect(try Self.mapped(data) != TensorData(data.type, .f32([.nan, -0.0])))
  }

  @Test(arguments: [(-1, [1]), (0, [4]), (4, [3]), (13, [0]), (.max, [1]), (0, [-1]), (0, [1 << 40, 1 << 40])])
  func outsideOfTheFile(offset: Int, shape: [Int]) {
    let file = MappedFile(bytes: [UInt8](repeating: 0, count: 12))
    #expect(TensorData(TensorType(.f32, shape), mapped: file, offset: offset) == nil)
  }

  /// A bool is true where its byte is not 0, also in what is written.
  @Test func sloppyTruth() throws {
    let type = TensorType(.bool, [3])
    let data = try #require(TensorData(type, mapped: MappedFile(bytes: [0, 1, 200]), offset: 0))
    #expect(data.bytes == [0, 1, 1])
    #expect(data == TensorData(type, doubles: [0, 1, 1]))
  }

  @Test(arguments: [ElementType.f32, .f64])
  func scaling(element: ElementType) throws {
    let data = TensorData(TensorType(element, [2, 3, 2]), doubles: (0..<12).map { Double($0) + 0.1 })
    for var scaled in [data, try Self.mapped(data)] {
      scaled.scale(by: [2, 0.5, -1], along: 1)
      let expected = data.doubles.enumerated().map { $0.element * [2, 0.5, -1][$0.offset / 2 % 3] }
      #expect(scaled == TensorData(data.type, doubles: expected))
    }
  }
}
