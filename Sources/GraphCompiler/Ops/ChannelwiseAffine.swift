/// An operator that scales and shifts each channel (axis 1) of operand 0: `y = x * scale[c] + shift[c]`.
///
/// Scale and shift come from its other operands alone; where these are known at compile time,
/// `fold-batch-norm` moves both into the weights of the contraction before it.
package protocol ChannelwiseAffine: Op {
  /// One scale and one shift for each channel, from the elements of the operands after the first.
  func scaleAndShift(_ parameters: [[Double]]) -> (scale: [Double], shift: [Double])
}
