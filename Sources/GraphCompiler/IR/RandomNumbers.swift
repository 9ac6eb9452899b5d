import Dispatch

/// Distributions of random numbers. Only basic arithmetic and square roots are used, which every machine
/// rounds alike, so that a parameter has the same bits everywhere.
extension RandomStream {
  /// Evenly distributed between `low` and `high`, both excluded.
  package func uniforms<Number: BinaryFloatingPoint & SendableMetatype>(
    _ count: Int, low: Double, high: Double, as type: Number.Type = Number.self
  ) -> [Number] {
    fill(count) { words in
      let fractions = (SIMD4<Double>(words) + 0.5) * 0x1p-32
      return low + (high - low) * fractions
    }
  }

  /// Normally distributed (Box & Muller 1958).
  package func normals<Number: BinaryFloatingPoint & SendableMetatype>(
    _ count: Int, mean: Double, deviation: Double, as type: Number.Type = Number.self
  ) -> [Number] {
    fill(count) { words in
      let radius = deviation * (-2 * logarithm(ofFraction: words.lowHalf)).squareRoot()
      let (cosine, sine) = direction(words.highHalf)
      return SIMD4(lowHalf: mean + radius * cosine, highHalf: mean + radius * sine)
    }
  }

  private func fill<Number: BinaryFloatingPoint & SendableMetatype>(
    _ count: Int, _ numbers: @Sendable (SIMD4<UInt32>) -> SIMD4<Double>
  ) -> [Number] {
    [Number](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      let blocks = (count + 3) / 4
      let pieces = (blocks + Self.blocksPerPiece - 1) / Self.blocksPerPiece
      nonisolated(unsafe) let buffer = buffer
      // Every block has its own place in the stream, so that the order of the pieces does not matter.
      DispatchQueue.concurrentPerform(iterations: pieces) { piece in
        for block in piece * Self.blocksPerPiece..<min(blocks, (piece + 1) * Self.blocksPerPiece) {
          let four = numbers(words(block))
          for lane in 0..<min(4, count - 4 * block) {
            buffer.initializeElement(at: 4 * block + lane, to: Number(four[lane]))
          }
        }
      }
      initializedCount = count
    }
  }

  /// Blocks of four numbers that one thread makes at a time.
  private static var blocksPerPiece: Int { 1 << 15 }
}

/// Whole numbers below 2^52 as doubles: as the fraction of a number between 2^52 and 2^53, less 2^52.
/// Machines without a vector conversion are slow at the plain way.
private func numbers(_ words: SIMD2<UInt64>) -> SIMD2<Double> {
  unsafeBitCast(words | 0x4330_0000_0000_0000, to: SIMD2<Double>.self) - 0x1p52
}

/// Natural logarithm of `(word + ½) / 2³²`, by `log(2^e f) = e log 2 + 2 artanh((f - 1) / (f + 1))` with f
/// between √½ and √2. The series is cut where its rest falls below 1e-12.
private func logarithm(ofFraction words: SIMD2<UInt32>) -> SIMD2<Double> {
  let value = (numbers(SIMD2(truncatingIfNeeded: words)) + 0.5) * 0x1p-32
  let bits = unsafeBitCast(value, to: SIMD2<UInt64>.self)
  let fractionBits = (bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000
  var fraction = unsafeBitCast(fractionBits, to: SIMD2<Double>.self)
  var exponent = numbers(bits &>> 52) - 1023
  let isLarge = fraction .> 0x1.6a09e667f3bcdp0
  fraction.replace(with: fraction * 0.5, where: isLarge)
  exponent.replace(with: exponent + 1, where: isLarge)
  let s = (fraction - 1) / (fraction + 1)
  let z = s * s
  var series = z * (1 / 15) + 1 / 13
  series = series * z + 1 / 11
  series = series * z + 1 / 9
  series = series * z + 1 / 7
  series = series * z + 1 / 5
  series = series * z + 1 / 3
  series = series * z + 1
  return exponent * 0x1.62e42fefa39efp-1 + 2 * s * series
}

/// Cosine and sine of an evenly distributed angle: two bits choose a quarter, the others an angle within ±π/4
/// of its middle, for which the Taylor series are cut where their rests fall below 1e-11.
private func direction(_ words: SIMD2<UInt32>) -> (cosine: SIMD2<Double>, sine: SIMD2<Double>) {
  let quarter = SIMD2<UInt64>(truncatingIfNeeded: words &>> 30)
  let place = (numbers(SIMD2(truncatingIfNeeded: words & 0x3FFF_FFFF)) + 0.5) * 0x1p-30 - 0.5
  let angle = place * 0x1.921fb54442d18p0
  let z = angle * angle
  var sine = z * (-1 / 39_916_800) + 1 / 362_880
  sine = sine * z - 1 / 5_040
  sine = sine * z + 1 / 120
  sine = sine * z - 1 / 6
  sine = angle * (sine * z + 1)
  var cosine = z * (1 / 479_001_600) - 1 / 3_628_800
  cosine = cosine * z + 1 / 40_320
  cosine = cosine * z - 1 / 720
  cosine = cosine * z + 1 / 24
  cosine = cosine * z - 0.5
  cosine = cosine * z + 1
  let isOdd = quarter & 1 .== 1
  let isBack = quarter .>= 2
  let turned = (cosine: -sine, sine: cosine)
  cosine.replace(with: turned.cosine, where: isOdd)
  sine.replace(with: turned.sine, where: isOdd)
  cosine.replace(with: -cosine, where: isBack)
  sine.replace(with: -sine, where: isBack)
  return (cosine, sine)
}
