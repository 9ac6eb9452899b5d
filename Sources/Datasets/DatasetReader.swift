import TensorFiles

/// Reads data from files, in the form that their names tell:
/// - `images.idx.gz,labels.idx.gz` or `images.npy,labels.npy`: an array for each input;
/// - a folder: an image file for each sample, in a folder for each class;
/// - any other file: a CSV table, a line for each sample.
package struct DatasetReader: Sendable {
  /// Channels that images of a folder are converted to; nil for as they are.
  package var channels: Int?
  /// Names or numbers, from 1, of the columns of a CSV table that hold labels; empty for the usual one.
  package var labelColumns: [String] = []
  /// Names of classes that are known already, so that other data number them alike; empty for those found.
  package var classNames: [String] = []

  package init() {}

  package func read(_ argument: String) throws(TensorFileError) -> Dataset {
    if FolderListing.isFolder(argument) {
      return try ImageFolder(argument, channels: channels, classNames: classNames).read()
    }
    let isOne = FolderListing.exists(argument)
    let paths =
      isOne ? [argument] : argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let isTable = paths.count == 1 && !Self.isArray(argument)
    if isTable {
      return try CSVData(MappedFile(path: argument), labels: labelColumns, classNames: classNames).read()
    }
    var columns: [StoredTensor] = []
    for path in paths { columns.append(try readTensor(path)) }
    return try Dataset(name: argument, columns: columns)
  }

  /// Whether the name is that of a file with one array.
  private static func isArray(_ path: String) -> Bool {
    let name = path.lowercased()
    let stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    return name.hasSuffix(".gz") || stem.hasSuffix(".npy") || stem.hasSuffix(".idx")
      || stem.hasSuffix("ubyte")
  }
}
