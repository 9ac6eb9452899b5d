import Testing

@testable import TensorFiles

@Suite struct StoredTensorTests {
  @Test func unalignedBytesAreRead() throws {
    let value: [UInt8] = [0xFF, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
    let tensor = StoredTensor(shape: [2], element: .f32, file: file(value), range: 1..<9)
    #expect(tensor.floats() == [1, -2])
    #expect(tensor.doubles() == [1, -2])
    #expect(try tensor.int64s() == [1, -2])
  }

  @Test(arguments: StoredElementType.allCases)
  func smallValuesSurviveEveryType(element: StoredElementType) throws {
    let source = StoredTensor(shape: [2, 2], [0, 1, 1, 0] as [Float])
    let tensor = try source.converted(to: element)
    #expect(tensor.element == element)
    #expect(tensor.byteCount == 4 * element.byteSize)
    #expect(tensor.floats() == [0, 1, 1, 0])
    #expect(tensor.doubles() == [0, 1, 1, 0])
    #expect(try tensor.int64s() == [0, 1, 1, 0])
    #expect(try tensor.converted(to: .f32) == source)
  }

  @Test(arguments: [
    (StoredElementType.i8, [Int64(-128), 127]), (.i16, [-32768, 32767]),
    (.i32, [-2_147_483_648, 2_147_483_647]),
    (.u8, [0, 255]), (.u16, [0, 65535]), (.u32, [0, 4_294_967_295]), (.u64, [0, .max]), (.i64, [.min, .max]),
  ])
  func extremes(element: StoredElementType, values: [Int64]) throws {
    let tensor = try StoredTensor(shape: [2], values).converted(to: element)
    #expect(try tensor.int64s() == values)
    #expect(tensor.doubles() == values.map(Double.init))
  }

  @Test func valuesThatDoNotFitAreRefused() {
    let wide = StoredTensor(shape: [2], [1, 300] as [Int64])
    #expect(
      refusal { () throws(TensorFileError) in _ = try wide.converted(to: .u8) }
        == "element 1 of a tensor, 300, is not of type u8")
    let broken = StoredTensor(shape: [1], [0.5] as [Float])
    #expect(
      refusal { () throws(TensorFileError) in _ = try broken.int64s() }
        == "element 0 of a tensor, 0.5, is not an integer")
    for value in [Double.nan, .infinity, 1e300] {
      let tensor = StoredTensor(shape: [], [value])
      #expect(refusal { () throws(TensorFileError) in _ = try tensor.int64s() } != nil)
    }
    let huge = StoredTensor(shape: [1], element: .u64, bytes: [UInt8](repeating: 0xFF, count: 8))
    #expect(refusal { () throws(TensorFileError) in _ = try huge.int64s() } != nil)
    #expect(huge.doubles() == [0x1p64])
  }

  @Test func reshaping() {
    let tensor = StoredTensor(shape: [2, 3], [1, 2, 3, 4, 5, 6] as [Float])
    #expect(tensor.reshaped(to: [3, 2])?.floats() == tensor.floats())
    #expect(tensor.reshaped(to: [4]) == nil)
    #expect(tensor.reshaped(to: [-6]) == nil)
    #expect(tensor.description == "f32[2,3]")
  }

  @Test(
    arguments: [
      ([], 1), ([0], 0), ([3, 0, .max, .max], 0), ([2, 3, 4], 24), ([.max], .max), ([.max, 2], nil),
      ([-1], nil),
      ([0, -1], nil), ([Int](repeating: 1, count: 64), 1), ([Int](repeating: 1, count: 65), nil),
    ] as [([Int], Int?)])
  func elementCounts(shape: [Int], count: Int?) {
    #expect(TensorShape.elementCount(shape) == count)
  }

  @Test func byteCountsDoNotOverflow() {
    #expect(TensorShape.byteCount([1 << 61], .f32) == nil)
    #expect(TensorShape.byteCount([1 << 60], .f32) == 1 << 62)
  }
}

@Suite struct HalfPrecisionTests {
  @Test func everyHalfSurvives() {
    for bits in UInt16.min...UInt16.max {
      let value = HalfPrecision.float(fromHalf: bits)
      if value.isNaN { continue }
      #expect(HalfPrecision.half(from: Double(value)) == bits)
    }
  }

  @Test func everyBrainFloatSurvives() {
    for bits in UInt16.min...UInt16.max {
      let value = HalfPrecision.float(fromBrain: bits)
      if value.isNaN { continue }
      #expect(HalfPrecision.brain(from: Double(value)) == bits)
    }
  }

  @Test(arguments: [
    (1.0, 0x3C00), (-2, 0xC000), (65504, 0x7BFF), (65519.99, 0x7BFF), (65520, 0x7C00), (-1e300, 0xFC00),
    (0x1p-24, 1), (0x1p-25, 0), (0x1.8p-25, 1), (0x1.004p0, 0x3C01), (0x1.002p0, 0x3C00), (0x1.006p0, 0x3C02),
    (-0.0, 0x8000), (.infinity, 0x7C00), (.leastNonzeroMagnitude, 0), (0x1.ff8p-15, 0x03FF),
    (0x1.ffcp-15, 0x0400),
  ])
  func halvesRoundToNearestEven(value: Double, bits: UInt16) {
    #expect(HalfPrecision.half(from: value) == bits)
  }

  @Test(arguments: [
    (1.0, 0x3F80), (0x1.01p0, 0x3F80), (0x1.03p0, 0x3F82), (3.4e38, 0x7F80), (3.38e38, 0x7F7E),
    (-0.5, 0xBF00),
    (1e39, 0x7F80), (0x1p-133, 1), (1e-300, 0),
  ])
  func brainFloatsRoundToNearestEven(value: Double, bits: UInt16) {
    #expect(HalfPrecision.brain(from: value) == bits)
  }

  @Test func notANumber() {
    #expect(HalfPrecision.float(fromHalf: HalfPrecision.half(from: .nan)).isNaN)
    #expect(HalfPrecision.float(fromBrain: HalfPrecision.brain(from: .nan)).isNaN)
    #expect(HalfPrecision.float(fromHalf: 0x7C01).isNaN)
  }

  #if !(os(macOS) && arch(x86_64))
    @Test func agreesWithTheHardware() {
      for step in 0..<20_000 {
        let value = Double(step * step) * 0x1.357p-12 * (step % 2 == 0 ? 1 : -0x1p-20)
        #expect(HalfPrecision.half(from: value) == Float16(value).bitPattern)
      }
    }
  #endif
}
