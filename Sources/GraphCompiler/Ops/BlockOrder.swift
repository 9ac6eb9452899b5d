import LoopIR

/// How the channels of a tensor name the pixels of a block, for `space_to_depth` and `depth_to_space`.
enum BlockOrder: String, WordAttribute {
  /// Channel `(p * block + q) * C + c` has row p and column q of every block of channel c (depth, column, row).
  case dcr
  /// Channel `(c * block + p) * block + q` has them (column, row, depth).
  case crd

  func channel(_ c: Index, _ p: Index, _ q: Index, channels: Int, block: Int) -> Index {
    switch self {
    case .dcr: (p * block + q) * channels + c
    case .crd: (c * block + p) * block + q
    }
  }

  /// The channel and the place in the block that a channel stands for.
  func split(_ channel: Index, channels: Int, block: Int) -> (c: Index, p: Index, q: Index) {
    switch self {
    case .dcr:
      let place = channel.dividedRoundingDown(by: channels)
      return (
        channel.remainder(dividingBy: channels), place.dividedRoundingDown(by: block),
        place.remainder(dividingBy: block)
      )
    case .crd:
      let rows = channel.dividedRoundingDown(by: block)
      return (
        rows.dividedRoundingDown(by: block), rows.remainder(dividingBy: block), channel.remainder(dividingBy: block)
      )
    }
  }
}

/// What `space_to_depth` and `depth_to_space` have in common.
protocol BlockOp: PrimitiveOp {
  var block: Int { get set }
  var order: BlockOrder { get set }
}

extension BlockOp {
  static var operands: [Operand] { [Operand("x")] }
  static var fields: [Field<Self>] {
    [
      .field("block", \.block, "extent of the square blocks", onnx: "blocksize"),
      .field("order", \.order, "\"dcr\": the place in the block comes first in the channel's number; \"crd\": last"),
    ]
  }

  static func reads(_ name: String, orderAttribute: String) -> ONNXRule {
    reads(name) { op, call in
      guard op.block >= 1 else { throw OpError("'blocksize' is missing") }
      switch try call.string(orderAttribute, default: "DCR") {
      case "DCR": op.order = .dcr
      case "CRD": op.order = .crd
      case let other: throw OpError("attribute 'mode' is '\(other)', which is not an order of channels")
      }
    }
  }

  /// Channels, rows and columns of the operand.
  func requirePlane(_ x: TensorType) throws(OpError) -> (channels: Int, rows: Int, columns: Int) {
    _ = try Self.requireSpatial(x, axes: 2...2)
    guard (1...1 << 15).contains(block) else {
      throw OpError("'block' must be at least 1 and at most 32768, found \(block)", at: .field("block"))
    }
    return (x.shape[1], x.shape[2], x.shape[3])
  }
}
