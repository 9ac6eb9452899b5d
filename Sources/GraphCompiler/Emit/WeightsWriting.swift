import Dispatch

extension WeightsBlob {
  /// Makes the block part by part, on all processors, and hands the parts over: each with its offset, together all of the
  /// block, the header last. Parts are handed over one at a time, but from other threads; an error ends it.
  /// - Parameter partLength: bytes of a part, about; two parts are in memory at once.
  package func write<Failure: Error>(
    partLength: Int = 1 << 23,
    _ body: @Sendable (UnsafeRawBufferPointer, _ offset: Int) throws(Failure) -> Void
  ) throws(Failure) {
    let rounds = WritingRound.rounds(self, length: partLength)
    let length = rounds.map(\.bytes.count).max() ?? 0
    let memory = (0..<2).map { _ in
      UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: SourceBundle.alignment)
    }
    defer { for buffer in memory { buffer.deallocate() } }
    nonisolated(unsafe) var checksum = WordHash()
    nonisolated(unsafe) var failure: Failure?
    nonisolated(unsafe) let buffers = memory
    // While one round is packed, the one before it is handed over.
    for number in 0...rounds.count {
      let last = number > 0 ? rounds[number - 1] : nil
      let next = number < rounds.count ? rounds[number] : nil
      let chores = last == nil ? 0 : 2
      DispatchQueue.concurrentPerform(iterations: chores + (next?.pieces.count ?? 0)) { task in
        if let last, task < chores {
          let bytes = UnsafeRawBufferPointer(rebasing: buffers[(number - 1) % 2][..<last.bytes.count])
          if task == 1 { return checksum.add(bytes) }
          do throws(Failure) { try body(bytes, last.bytes.lowerBound) } catch { failure = error }
        } else if let next {
          next.pack(task - chores, into: buffers[number % 2])
        }
      }
      if let failure { throw failure }
    }
    let start = header(checksum: checksum.value)
    // Typed errors do not pass through withUnsafeBytes on every toolchain.
    let result: Result<Void, Failure> = start.withUnsafeBytes { bytes in
      do throws(Failure) { return .success(try body(bytes, 0)) } catch { return .failure(error) }
    }
    try result.get()
  }
}

/// A stretch of the block that is in memory at once, and the pieces that make it.
private struct WritingRound: Sendable {
  /// Slices of one parameter: the work of one thread.
  struct Piece: Sendable {
    var parameter: PackedParameter
    var slices: Range<Int>
    /// Bytes of the block, with those up to the next piece.
    var span: Range<Int>

    /// Where the slices begin.
    var start: Int { parameter.offset + slices.lowerBound * parameter.sliceByteCount }
    var byteCount: Int { slices.count * parameter.sliceByteCount }
  }

  var pieces: [Piece]

  var bytes: Range<Int> {
    guard let first = pieces.first, let last = pieces.last else { return 0..<0 }
    return first.span.lowerBound..<last.span.upperBound
  }

  /// Pieces are an eighth of a round, so that they fit the caches of a processor, and every processor has some.
  static func rounds(_ blob: WeightsBlob, length: Int) -> [WritingRound] {
    var pieces = blob.parameters.flatMap { Self.pieces($0, length / 8) }
    var start = SourceBundle.headerByteCount
    for place in pieces.indices {
      let end = place + 1 < pieces.count ? pieces[place + 1].start : blob.byteCount
      pieces[place].span = start..<end
      start = end
    }
    var rounds: [WritingRound] = []
    for piece in pieces {
      if let last = rounds.indices.last, rounds[last].bytes.count + piece.span.count <= length {
        rounds[last].pieces.append(piece)
      } else {
        rounds.append(WritingRound(pieces: [piece]))
      }
    }
    return rounds
  }

  private static func pieces(_ parameter: PackedParameter, _ length: Int) -> [Piece] {
    let slices = parameter.order.sliceCount
    if slices == 0 || parameter.sliceByteCount == 0 { return [] }
    // Whole words, for the checksum.
    let unit = parameter.sliceByteCount.isMultiple(of: 8) ? 1 : 8
    let most = max(1, length / parameter.sliceByteCount).roundedUp(to: unit)
    return stride(from: 0, to: slices, by: most).map {
      Piece(parameter: parameter, slices: $0..<min($0 + most, slices), span: 0..<0)
    }
  }

  /// Packs one piece to its place in memory that begins with the round.
  func pack(_ number: Int, into memory: UnsafeMutableRawBufferPointer) {
    let piece = pieces[number]
    let base = bytes.lowerBound
    let (first, last) = (piece.start - base, piece.start - base + piece.byteCount)
    for gap in [piece.span.lowerBound - base..<first, last..<piece.span.upperBound - base] {
      UnsafeMutableRawBufferPointer(rebasing: memory[gap]).initializeMemory(as: UInt8.self, repeating: 0)
    }
    piece.parameter.pack(piece.slices, into: UnsafeMutableRawBufferPointer(rebasing: memory[first..<last]))
  }
}
