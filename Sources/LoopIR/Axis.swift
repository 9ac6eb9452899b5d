/// A named loop dimension: `o`, `i`, or, once split, `j0` and `j1`.
///
/// Two axes are the same when name and extent agree; an equation never uses one name for two extents.
package struct Axis: Hashable, Sendable {
  package var name: String
  package var extent: Int

  package init(_ name: String, _ extent: Int) {
    self.name = name
    self.extent = extent
  }

  /// Numbers are compared sooner than names.
  package static func == (left: Axis, right: Axis) -> Bool {
    left.extent == right.extent && left.name == right.name
  }
}
