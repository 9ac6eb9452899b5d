/// The shape of a contraction, as far as a schedule cares: which axis of the result only one factor has, and which
/// axes number the pixels.
///
/// In `y[n,o,i,j] = sum(c,p,q) x[n,c,i+p,j+q] * w[o,c,p,q]` the lanes are `o` (the weights can be packed so that their
/// lanes are neighbours, the pixel is broadcast) and the pixels are `i` and `j`. In the gradient by the weights,
/// `sum(n,i,j) dy[n,o,i,j] * x[n,c,i+p,j+q]`, the lanes are `o` again, `dy` is packed when the network runs, and `c`,
/// `p` and `q` number the pixels.
package struct Contraction: Hashable, Sendable {
  package var lanes: Axis
  /// Innermost last.
  package var pixels: [Axis]
  package var others: [Axis]
  /// Tensors to be packed, with the dimension that the lanes walk.
  package var packed: [Packing]
  /// Axes of the sum, outermost first.
  let sums: [Axis]
  /// The axis of the sum that walks the channels of a factor in blocks.
  let blockedSum: Axis?
  /// The pixel axis that walks the channels of a factor in blocks: in gradients by weights.
  let blockedPixel: Axis?
  /// Whether the tensors that are packed are known before the network runs.
  let isPackedOnce: Bool
  /// Whether all factors can be copied into another order.
  private(set) var canCopyFactors = false
  let equation: Equation
  let registers: VectorRegisters
  let choice: ScheduleChoice

  package struct Packing: Hashable, Sendable {
    package var tensor: Tensor
    package var dimension: Int
    /// Lanes of the last dimension, and of blocks, are neighbours as they are.
    var isNeeded: Bool
  }

  /// When the elements of a tensor can be brought into another order.
  package enum Packable {
    /// Before the network runs: it costs nothing.
    case once
    /// Whenever the kernel runs.
    case everyRun
    case never
  }

  /// nil where the equation is no sum of products in single precision with an axis that only one factor has.
  ///
  /// An axis whose tensors are packed once is best, then one whose tensors have their lanes side by side already;
  /// otherwise the one that fills its vectors best, and is stored side by side. Few channels of a plain result are not
  /// best for being packed: pixels of a row fill vectors better.
  ///
  /// - Parameters:
  ///   - lanes: the only axis that can be the lanes; nil where any may.
  ///   - registers: for which tiles are made. What is packed, and how, is the same for all.
  ///   - choice: what was measured to be faster; it does not change what is packed either.
  package init?(
    _ equation: Equation, layout: (Tensor) -> Layout = { .plain(rank: $0.rank) }, lanes only: Axis? = nil,
    registers: VectorRegisters = .widest, choice: ScheduleChoice = ScheduleChoice(), packable: (Tensor) -> Packable
  ) {
    guard equation.isSinglePrecision, equation.scatter == nil, let (sums, body) = equation.value.onlySum
    else { return nil }
    let reads = body.reads
    var best: (axis: Axis, packings: [Packing], score: Double)?
    for axis in equation.axes.reversed() where axis.extent >= 4 && only ?? axis == axis {
      guard let (packings, score) = Self.candidate(axis, equation, sums, reads, layout, packable) else { continue }
      if score > best?.score ?? 0 { best = (axis, packings, score) }
    }
    guard let best else { return nil }
    (self.equation, self.registers, self.choice) = (equation, registers, choice)
    isPackedOnce = best.packings.allSatisfy { packable($0.tensor) == .once }
    lanes = best.axis
    packed = best.packings
    canCopyFactors = reads.allSatisfy { packable($0.tensor) != .never }
    let without = reads.filter { !$0.indices.contains { $0.mentions(best.axis) } }
    self.sums = sums
    let inBlocks = without.filter { $0.tensor.rank > 1 && layout($0.tensor).isChannelBlocked }
    let blockedChannels = inBlocks.map { $0.indices[1] }
    blockedSum = sums.first { blockedChannels.contains(.axis($0)) }
    blockedPixel = equation.axes.first { $0 != best.axis && blockedChannels.contains(.axis($0)) }
    let rest = equation.axes.filter { $0 != best.axis && $0.extent > 1 }
    let walked = rest.filter { pixel in without.contains { $0.indices.contains { $0.mentions(pixel) } } }
    pixels = walked
    others = rest.filter { !walked.contains($0) }
  }

  /// What is packed where the lanes are an axis, and how good that is; nil where they cannot be.
  private static func candidate(
    _ axis: Axis, _ equation: Equation, _ sums: [Axis], _ reads: [Access], _ layout: (Tensor) -> Layout,
    _ packable: (Tensor) -> Packable
  ) -> (packings: [Packing], score: Double)? {
    let with = reads.filter { $0.indices.contains { $0.mentions(axis) } }
    let packings = with.compactMap { packing($0, axis, layout) }
    guard !with.isEmpty, with.count < reads.count, packings.count == with.count else { return nil }
    let kinds = packings.map { packing in (packing, packable(packing.tensor)) }
    let isFree = kinds.allSatisfy { $0.1 == .once } && !with.contains { $0.walksWindow(along: axis) }
    guard isFree || kinds.allSatisfy({ $0.1 != .never || !$0.0.isNeeded }) else { return nil }
    let vectors = (axis.extent + Layout.block - 1) / Layout.block
    let filled = Double(axis.extent) / Double(vectors * Layout.block)
    let isScattered = layout(equation.result).isPlain && equation.axes.last { $0.extent > 1 } != axis
    if isFree && !(isScattered && axis.extent < Layout.block) { return (packings, 3) }
    let isSideBySide = !isFree && kinds.allSatisfy { layout($0.0.tensor).isChannelBlocked }
    let copied = kinds.filter { $0.1 == .everyRun && $0.0.isNeeded }.map(\.0.tensor)
    let fit = (filled * (vectors > 1 ? 1 : 0.75) + (isSideBySide ? 1 : 0)) * equation.work(beside: copied)
    // Where nothing needs to be packed at run time, nothing is.
    return (isFree ? packings : packings.filter(\.isNeeded), isScattered ? fit * share(ofTerms: sums.placeCount) : fit)
  }

  /// Operations that take as long as an element is copied into another order.
  package static let operationsPerCopy = 16
  /// Terms of a sum that take as long as its lanes are stored one by one.
  private static let termsPerStore = 16

  /// The share of a sum's terms in the time that they take together with storing its lanes one by one.
  private static func share(ofTerms terms: Int) -> Double { Double(terms) / Double(terms.addedSaturating(termsPerStore)) }

  /// nil where the lanes cannot be neighbours.
  private static func packing(_ access: Access, _ axis: Axis, _ layout: (Tensor) -> Layout) -> Packing? {
    let places = access.indices.indices.filter { access.indices[$0].mentions(axis) }
    let layout = layout(access.tensor)
    if layout.isPlain, access.walksWindow(along: axis) {
      return Packing(tensor: access.tensor, dimension: access.tensor.rank - 1, isNeeded: false)
    }
    guard places.count == 1, access.indices[places[0]] == .axis(axis), !access.isTested(besides: places[0]) else {
      return nil
    }
    guard layout.isPlain || layout.isChannelBlocked && places[0] == 1 else { return nil }
    let isLast = places[0] == access.tensor.rank - 1
    return Packing(tensor: access.tensor, dimension: places[0], isNeeded: layout.isPlain && !isLast)
  }
}

extension Access {
  /// True where the last dimension alone is walked by the axis, from place to place, and by those of a window.
  fileprivate func walksWindow(along axis: Axis) -> Bool {
    guard let last = indices.last, last != .axis(axis), !indices.dropLast().contains(where: { $0.mentions(axis) }) else {
      return false
    }
    let form = LinearForm(last)
    return form.isAffine && form.factor(of: axis) == 1 && !isTested(besides: nil)
  }

  /// True where dimensions other than one, and those that strides make reach outside, are tested for the edge.
  fileprivate func isTested(besides dimension: Int?) -> Bool {
    guard outside != nil else { return false }
    return zip(indices, tensor.shape).enumerated().contains { place, position in
      guard let range = position.0.range else { return true }
      if place == dimension { return false }
      let isInside = range.lowerBound >= 0 && range.upperBound < position.1
      return !isInside && !position.0.hasRemainder
    }
  }

  /// True where the taps of a strided window are chosen by a remainder.
  package var isStrided: Bool { indices.contains(where: \.hasRemainder) }
}

extension Index {
  fileprivate var hasRemainder: Bool {
    var found = false
    _ = rewritten(
      index: { part in
        if case .remainder = part { found = true }
        return part
      }, scalar: { $0 })
    return found
  }
}

extension Equation {
  /// Names for the pieces of an axis that is split, `j0` and `j1`, which no axis of the equation has.
  package func pieces(of axis: Axis, _ count: Int) -> [String] {
    let taken = Set((axes + boundAxes).map(\.name))
    var stem = axis.name
    while (0..<count).contains(where: { taken.contains("\(stem)\($0)") }) { stem += "_" }
    return (0..<count).map { "\(stem)\($0)" }
  }

  /// The share of the operations in the time that they take together with copies of tensors.
  fileprivate func work(beside copies: [Tensor]) -> Double {
    let work = Double(operationCount)
    let elements = copies.reduce(0.0) { $0 + Double($1.shape.reduce(1, *)) }
    return work / (work + elements * Double(Contraction.operationsPerCopy))
  }

  /// True where result and operands are all f32, so that vectors can be used. Operands of sixteen bits may become f32
  /// where they are read.
  package var isSinglePrecision: Bool {
    let others = rewritten(scalar: { part in
      if case .cast(.f32, .read(let access)) = part, access.tensor.element == .f16 { return .constant(0) }
      // What random bits are counted by, no vector holds.
      if case .random = part { return .constant(0) }
      return part
    })
    return result.element == .f32 && others.allReads.allSatisfy { $0.tensor.element == .f32 }
  }

}

extension Scalar {
  /// The axes and the body of the only reduction, where there is exactly one and it is a sum.
  package var onlySum: (axes: [Axis], body: Scalar)? {
    // Activations may name the same sum several times.
    var found: Set<Scalar> = []
    forEach { if case .reduce = $0 { found.insert($0) } }
    guard found.count == 1, case .reduce(.sum, let axes, let body)? = found.first else { return nil }
    return (axes, body)
  }
}
