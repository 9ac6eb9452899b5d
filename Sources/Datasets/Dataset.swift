import TensorFiles

/// Samples and what belongs to each, in memory.
package struct Dataset: Sendable {
  /// How the user named the data, for messages.
  package let name: String
  /// What each input of the network gets, in order: the samples, then their labels. Axis 0 counts samples.
  package let columns: [StoredTensor]
  /// Names of the classes where the labels are numbers of classes; empty where the data name none.
  package let classNames: [String]

  package var count: Int { columns.first?.shape.first ?? 0 }

  /// - Throws: where the columns differ in length, or there are no samples.
  package init(
    name: String, columns: [StoredTensor], classNames: [String] = []
  ) throws(TensorFileError) {
    precondition(!columns.isEmpty, "data have a column")
    self.name = name
    self.columns = columns
    self.classNames = classNames
    let expected = try Self.count(columns[0])
    for column in columns.dropFirst() {
      let found = try Self.count(column)
      guard found == expected else {
        throw TensorFileError(
          column.path, "expected as many labels as samples",
          cause: "'\(columns[0].path)' has \(expected), found \(found)")
      }
    }
  }

  private static func count(_ column: StoredTensor) throws(TensorFileError) -> Int {
    guard let count = column.shape.first else {
      throw TensorFileError(column.path, "expected many samples", cause: "found a single number")
    }
    guard count > 0, column.elementCount > 0 else {
      throw TensorFileError(column.path, "there are no samples in it", cause: "it is \(column)")
    }
    return count
  }
}
