import Testing

@testable import LoopIR

@Suite struct RandomNumberTests {
  /// The known answers of the authors' Random123 library.
  @Test(arguments: [
    ([0, 0, 0], [0xff1d_ae59, 0x6cd1_0df2]),
    ([0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0x2c3f_628b, 0xab4f_d7ad]),
    ([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e], [0xdd7c_e038, 0xf62a_4c12]),
  ] as [([UInt32], [UInt32])])
  func knownAnswers(_ input: [UInt32], _ bits: [UInt32]) {
    let block = RandomNumber.block((input[0], input[1]), key: input[2])
    #expect([block.0, block.1] == bits)
  }

  @Test func isEvenlyDistributed() {
    let numbers = (0..<4096).map { RandomNumber.at($0, stream: 3) }
    let mean = numbers.reduce(0, +) / 4096
    #expect(abs(mean - 0.5) < 0.02)
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(Set(numbers).count > 4000)
    #expect(numbers != (0..<4096).map { RandomNumber.at($0, stream: 4) })
  }
}
