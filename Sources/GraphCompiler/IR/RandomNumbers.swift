import Dispatch

/// From what parameters are drawn.
package enum Distribution: Hashable, Sendable {
  /// Evenly between two numbers, both excluded.
  case uniform(low: Double, high: Double)
  case normal(mean: Double, deviation: Double)

  /// A uniform distribution between ±√(3 variance) has that variance.
  package static func uniform(variance: Double) -> Distribution {
    let limit = (3 * variance).squareRoot()
    return .uniform(low: -limit, high: limit)
  }
}

/// Random numbers. Only basic arithmetic and square roots are used, which every machine rounds alike, so that
/// a parameter has the same bits everywhere.
///
/// Block k of the stream, of the words a b c d, makes the numbers 4k ..< 4k + 4. A uniform number is
/// `low + (high - low) * (word + ½) / 2³²`. Normal ones (Box & Muller 1958) have their radii from a and b, their
/// directions from c and d: `a cos c, b cos d, a sin c, b sin d`.
extension RandomStream {
  package typealias Number = BinaryFloatingPoint & SIMDScalar & BitwiseCopyable & SendableMetatype

  /// The first numbers of the stream, made by all processors.
  package func numbers<Value: Number>(
    _ count: Int, _ distribution: Distribution, as type: Value.Type = Value.self
  ) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      nonisolated(unsafe) let buffer = buffer
      // Every number has its own place in the stream, so that the order of the pieces does not matter.
      let pieces = (count + Self.pieceLength - 1) / Self.pieceLength
      DispatchQueue.concurrentPerform(iterations: pieces) { piece in
        let start = piece * Self.pieceLength
        let part = UnsafeMutableBufferPointer(rebasing: buffer[start..<min(count, start + Self.pieceLength)])
        fill(part, from: start, distribution)
      }
      initializedCount = count
    }
  }

  /// Numbers that one processor makes at a time.
  private static var pieceLength: Int { 1 << 17 }

  /// Numbers of the stream from a place on.
  package func fill<Value: Number>(
    _ target: UnsafeMutableBufferPointer<Value>, from first: Int, _ distribution: Distribution
  ) {
    switch distribution {
    case .uniform(let low, let high):
      fill(target, first) { blocks in
        Draw(first: low + (high - low) * fractions(blocks.a, blocks.b), last: low + (high - low) * fractions(blocks.c, blocks.d))
      }
    case .normal(let mean, let deviation):
      fill(target, first) { blocks in
        let radius = deviation * squareRoot(-2 * logarithm(fractions(blocks.a, blocks.b)))
        let (cosine, sine) = direction(pairs(blocks.c, blocks.d))
        return Draw(first: mean + radius * cosine, last: mean + radius * sine)
      }
    }
  }

  @inline(__always)
  private func fill<Value: Number>(
    _ target: UnsafeMutableBufferPointer<Value>, _ first: Int, _ draw: (Philox.Blocks) -> Draw
  ) {
    guard let start = target.baseAddress else { return }
    var done = 0
    while done < target.count {
      let (group, skipped) = (first + done).quotientAndRemainder(dividingBy: Draw.count)
      let numbers = draw(blocks(group))
      if skipped == 0, target.count - done >= Draw.count {
        numbers.store(start + done)
        done += Draw.count
      } else {
        withUnsafeTemporaryAllocation(of: Value.self, capacity: Draw.count) { all in
          guard let values = all.baseAddress else { return }
          numbers.store(values)
          let count = min(Draw.count - skipped, target.count - done)
          (start + done).update(from: values + skipped, count: count)
          done += count
        }
      }
    }
  }
}

private typealias Lanes = SIMD16<Double>
private typealias Words = SIMD16<UInt64>

/// The numbers of eight blocks: the first and the last two of each.
private struct Draw {
  var first: Lanes
  var last: Lanes

  static let count = 32

  @inline(__always)
  func store<Value: RandomStream.Number>(_ target: UnsafeMutablePointer<Value>) {
    let (first, last) = (SIMD16<Value>(first), SIMD16<Value>(last))
    for block in 0..<8 {
      target[4 * block] = first[2 * block]
      target[4 * block + 1] = first[2 * block + 1]
      target[4 * block + 2] = last[2 * block]
      target[4 * block + 3] = last[2 * block + 1]
    }
  }
}

/// `a0 b0 a1 b1 …`
@inline(__always)
private func pairs(_ a: SIMD8<UInt64>, _ b: SIMD8<UInt64>) -> Words {
  var words = Words()
  words.evenHalf = a
  words.oddHalf = b
  return words
}

/// Whole numbers below 2^52 as doubles: as the fraction of a number between 2^52 and 2^53, less 2^52.
/// Machines without a vector conversion are slow at the plain way.
@inline(__always)
private func numbers(_ words: Words) -> Lanes {
  unsafeBitCast(words | 0x4330_0000_0000_0000, to: Lanes.self) - 0x1p52
}

/// `(word + ½) / 2³²`
@inline(__always)
private func fractions(_ a: SIMD8<UInt64>, _ b: SIMD8<UInt64>) -> Lanes {
  (numbers(pairs(a, b)) + 0.5) * 0x1p-32
}

/// Of positive numbers. The absolute value changes nothing; it tells the compiler that no lane needs the library.
@inline(__always)
private func squareRoot(_ values: Lanes) -> Lanes {
  var roots = values
  for lane in values.indices { roots[lane] = values[lane].magnitude.squareRoot() }
  return roots
}

/// Natural logarithm of normal numbers, by `log(2^e f) = e log 2 + 2 artanh((f - 1) / (f + 1))` with f
/// between √½ and √2. The series is cut where its rest falls below 1e-12.
@inline(__always)
private func logarithm(_ value: Lanes) -> Lanes {
  let bits = unsafeBitCast(value, to: Words.self)
  let fractionBits = (bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000
  var fraction = unsafeBitCast(fractionBits, to: Lanes.self)
  var exponent = numbers(bits &>> 52) - 1023
  let isLarge = fraction .> 0x1.6a09e667f3bcdp0
  fraction.replace(with: fraction * 0.5, where: isLarge)
  exponent.replace(with: exponent + 1, where: isLarge)
  let s = (fraction - 1) / (fraction + 1)
  let z = s * s
  var series: Lanes = z * (1 / 15)
  series += 1 / 13
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
@inline(__always)
private func direction(_ words: Words) -> (cosine: Lanes, sine: Lanes) {
  let place = (numbers(words & 0x3FFF_FFFF) + 0.5) * 0x1p-30 - 0.5
  let angle = place * 0x1.921fb54442d18p0
  let z = angle * angle
  var sine: Lanes = z * (-1 / 39_916_800)
  sine += 1 / 362_880
  sine = sine * z - 1 / 5_040
  sine = sine * z + 1 / 120
  sine = sine * z - 1 / 6
  sine = angle * (sine * z + 1)
  var cosine: Lanes = z * (1 / 479_001_600)
  cosine -= 1 / 3_628_800
  cosine = cosine * z + 1 / 40_320
  cosine = cosine * z - 1 / 720
  cosine = cosine * z + 1 / 24
  cosine = cosine * z - 0.5
  cosine = cosine * z + 1
  // Quarter turns by bits, as (c, s), (-s, c), (-c, -s), (s, -c).
  let (c, s) = (unsafeBitCast(cosine, to: Words.self), unsafeBitCast(sine, to: Words.self))
  let isOdd = Words(repeating: 0) &- ((words &>> 30) & 1)
  let difference = (c ^ s) & isOdd
  let oddSign = (words & 0x4000_0000) &<< 33
  let backSign = (words & 0x8000_0000) &<< 32
  let turnedCosine = c ^ difference ^ oddSign ^ backSign
  let turnedSine = s ^ difference ^ backSign
  return (unsafeBitCast(turnedCosine, to: Lanes.self), unsafeBitCast(turnedSine, to: Lanes.self))
}
