/// A tensor as equations and kernels see it: a name, an element type and a logical shape.
package struct Tensor: Hashable, Sendable {
  package var name: String
  package var element: ElementType
  package var shape: [Int]

  package init(_ name: String, _ element: ElementType, _ shape: [Int]) {
    self.name = name
    self.element = element
    self.shape = shape
  }

  package var rank: Int { shape.count }

  /// The element at a position that is inside the tensor.
  package subscript(indices: [Index]) -> Scalar {
    .read(Access(self, indices))
  }

  package subscript(indices: [Axis]) -> Scalar {
    .read(Access(self, indices.map(\.index)))
  }

  /// The element at a position, or `outside` where there is none.
  package subscript(indices: [Index], outside value: Double) -> Scalar {
    .read(Access(self, indices, outside: value))
  }
}
