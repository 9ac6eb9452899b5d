import LoopIR

/// Statements without loops, in numbers.
struct StatementCounts {
  private var accumulatorCount = 0
  private var updateCount = 0
  /// Whether every update adds a product.
  private var addsProducts = true
  private var valueCount = 0
  private var storeCount = 0
  /// Of loads and of what updates and stores read.
  private var reads: [Access] = []
  private var stored: [Access] = []
  private var prefetched: [String] = []
  private let lanes: Axis?

  /// - Parameters:
  ///   - accumulators: locals that change.
  ///   - lanes: the axis of the vectors that the statements stand in.
  init(_ statements: [Statement], accumulators: Set<String>, lanes: Axis?) {
    self.lanes = lanes
    for statement in statements {
      switch statement {
      case .declare(let name, _, let value):
        if accumulators.contains(name), case .constant = value {
          accumulatorCount += 1
        } else {
          valueCount += 1
        }
        reads += value.reads
      case .assign(_, _, let value):
        updateCount += 1
        addsProducts = addsProducts && value.addsProduct
        reads += value.reads
      case .store(let target, let value):
        storeCount += 1
        stored.append(target)
        reads += value.reads
      case .prefetch(let place, let ahead):
        var text = "prefetch a share of the next piece of \(place.tensor.name)"
        if case .constant(let distance) = ahead {
          text = "prefetch \(place.tensor.name), \(distance) elements ahead"
        }
        if !prefetched.contains(text) { prefetched.append(text) }
      case .loop, .conditional: preconditionFailure("only statements without others inside are counted")
      }
    }
  }

  /// - Parameter tile: of so many accumulators: `14 pixels x 2 vectors`.
  func lines(tile: (Int) -> String?) -> [String] {
    var lines: [String] = []
    if accumulatorCount > 0 {
      let extent = accumulatorCount > 1 ? tile(accumulatorCount).map { ": \($0)" } ?? "" : ""
      lines.append("\(counted(accumulatorCount, "accumulator"))\(extent)")
    }
    lines += prefetched
    if updateCount > 0 {
      let operands = amounts(reads)
      let kind = addsProducts ? "multiply-add" : "update"
      lines.append(counted(updateCount, kind) + (operands.isEmpty ? "" : " on \(operands)"))
    }
    if storeCount > 0 {
      let operands = updateCount > 0 ? "" : amounts(reads)
      lines.append("store \(amounts(stored))" + (operands.isEmpty ? "" : ", with \(operands)"))
    } else if updateCount == 0, valueCount > 0 {
      lines.append("\(counted(valueCount, "value")) of \(amounts(reads))")
    }
    return lines
  }

  /// `2 vectors of w, 14 numbers of x`
  private func amounts(_ accesses: [Access]) -> String {
    var found: [(noun: String, tensor: String, places: Set<Access>)] = []
    for access in accesses {
      let isVector = lanes.map { lane in access.indices.contains { $0.mentions(lane) } } ?? false
      let noun = isVector ? "vector" : "number"
      if let place = found.firstIndex(where: { $0.noun == noun && $0.tensor == access.tensor.name }) {
        found[place].places.insert(access)
      } else {
        found.append((noun, access.tensor.name, [access]))
      }
    }
    return found.map { "\(counted($0.places.count, $0.noun)) of \($0.tensor)" }.joined(separator: ", ")
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }
}

extension Scalar {
  /// True for `sum + a * b`.
  fileprivate var addsProduct: Bool {
    guard case .binary(.add, .local, .binary(.multiply, _, _)) = self else { return false }
    return true
  }
}
