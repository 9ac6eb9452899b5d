/// The filters that PNG puts on each line before it is compressed.
enum PNGFilter {
  /// The bytes of the pixels, without the byte in front of each line that names its filter.
  static func removed(
    from lines: [UInt8], _ header: PNGHeader, _ path: String
  ) throws(TensorFileError) -> [UInt8] {
    let (width, step) = (header.bytesPerLine, header.color.bytesPerPixel)
    var result: [UInt8] = []
    result.reserveCapacity(width * header.height)
    var above = [UInt8](repeating: 0, count: width)
    for row in 0..<header.height {
      let start = row * (width + 1)
      var line = Array(lines[start + 1..<start + 1 + width])
      guard unfilter(&line, above, lines[start], step) else {
        throw TensorFileError(path, "malformed PNG file", cause: "line \(row) has filter \(lines[start])")
      }
      result += line
      above = line
    }
    return result
  }

  /// - Returns: false where the filter is not known.
  private static func unfilter(_ line: inout [UInt8], _ above: [UInt8], _ filter: UInt8, _ step: Int) -> Bool
  {
    switch filter {
    case 0: break
    case 1: for place in line.indices.dropFirst(step) { line[place] &+= line[place - step] }
    case 2: for place in line.indices { line[place] &+= above[place] }
    case 3:
      for place in line.indices {
        let left = place >= step ? Int(line[place - step]) : 0
        line[place] &+= UInt8((left + Int(above[place])) / 2)
      }
    case 4:
      for place in line.indices {
        let left = place >= step ? line[place - step] : 0
        line[place] &+= paeth(left, above[place], place >= step ? above[place - step] : 0)
      }
    default: return false
    }
    return true
  }

  /// Which of left, above and above left is nearest to left + above - above left; the first of equals.
  private static func paeth(_ left: UInt8, _ above: UInt8, _ corner: UInt8) -> UInt8 {
    let estimate = Int(left) + Int(above) - Int(corner)
    let distances = (abs(estimate - Int(left)), abs(estimate - Int(above)), abs(estimate - Int(corner)))
    if distances.0 <= distances.1, distances.0 <= distances.2 { return left }
    return distances.1 <= distances.2 ? above : corner
  }
}
