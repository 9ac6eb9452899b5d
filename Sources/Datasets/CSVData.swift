import SourceText
import TensorFiles

/// A CSV table as data: a line for each sample, with its numbers and its label. The first line may name the columns.
struct CSVData {
  private let file: MappedFile
  private let wantedLabels: [String]
  private let knownClasses: [String]

  /// Columns of these names hold labels where the user names none; without one the last column does.
  private static let labelNames = ["label", "class", "target"]

  /// - Parameters:
  ///   - labels: names or numbers, from 1, of the columns that hold labels; empty for the usual one.
  ///   - classNames: known names of classes; empty where the table says which there are.
  init(_ file: MappedFile, labels: [String], classNames: [String]) {
    self.file = file
    wantedLabels = labels
    knownClasses = classNames
  }

  func read() throws(TensorFileError) -> Dataset {
    let result: Result<Dataset, TensorFileError> = file.withBytes { bytes in
      do throws(TensorFileError) { return .success(try read(bytes)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private func read(_ bytes: UnsafeRawBufferPointer) throws(TensorFileError) -> Dataset {
    var table = CSVTable(bytes, path: file.path)
    var fields: [CSVTable.Field] = []
    guard try table.next(into: &fields) else {
      throw TensorFileError(file.path, "there are no samples in it")
    }
    let header = header(fields, table)
    let columns = try labelColumns(fields.count, header)
    var values = NumberColumn()
    var labels = LabelColumn()
    var count = 0
    var isData = header == nil
    let width = fields.count
    repeat {
      guard isData else {
        isData = true
        continue
      }
      guard fields.count == width else {
        throw table.mistake("expected \(width) fields, found \(fields.count)")
      }
      for (place, field) in fields.enumerated() where !columns.contains(place) {
        guard let number = table.number(field) else { throw notANumber(field, place, header, table) }
        values.append(number)
      }
      for place in columns { try labels.append(fields[place], place, table) }
      count += 1
    } while try table.next(into: &fields)
    guard count > 0 else { throw TensorFileError(file.path, "there are no samples in it") }
    let (tensor, names) = try labels.tensor(count, columns.count, knownClasses, file.path)
    return try Dataset(
      name: file.path, columns: [values.tensor([count, width - columns.count]), tensor], classNames: names)
  }

  /// The names in the first line: where one of them is that of the labels, or none is a number.
  private func header(_ fields: [CSVTable.Field], _ table: CSVTable) -> [String]? {
    let names = fields.map(table.text)
    let isNamed = names.contains { name in
      Self.labelNames.contains(name.lowercased()) || (wantedLabels.contains(name) && Int(name) == nil)
    }
    return isNamed || fields.allSatisfy { table.number($0) == nil } ? names : nil
  }

  private func labelColumns(_ count: Int, _ header: [String]?) throws(TensorFileError) -> [Int] {
    guard count >= 2 else {
      throw TensorFileError(
        file.path, "expected a table with columns of values and of labels", cause: "it has one column")
    }
    if wantedLabels.isEmpty {
      let named = header?.firstIndex { Self.labelNames.contains($0.lowercased()) }
      return [named ?? count - 1]
    }
    var columns: [Int] = []
    for wanted in wantedLabels {
      let named = header?.firstIndex(of: wanted)
      let numbered = Int(wanted).flatMap { (1...count).contains($0) ? $0 - 1 : nil }
      guard let column = named ?? numbered, !columns.contains(column) else {
        let known = header.map { "it has \($0.joined(separator: ", ").clipped(to: 200))" }
        throw TensorFileError(
          file.path, "expected a column '\(wanted.clipped(to: 60))' of labels, found none",
          cause: known ?? "its \(count) columns have no names",
          cure: header.flatMap { didYouMean(wanted, among: $0) } ?? "columns also have numbers, from 1")
      }
      columns.append(column)
    }
    guard columns.count < count else {
      throw TensorFileError(file.path, "all columns hold labels, none holds values")
    }
    return columns
  }

  private func notANumber(
    _ field: CSVTable.Field, _ place: Int, _ header: [String]?, _ table: CSVTable
  ) -> TensorFileError {
    let column = header.map { "'\($0[place].clipped(to: 60))'" } ?? "\(place + 1)"
    let found = table.text(field).clipped(to: 40).escapingControls
    return table.mistake(
      "expected a number in column \(column), found \(found.isEmpty ? "nothing" : "'\(found)'")")
  }
}

/// The values of a table, as bytes as long as all of them are whole and small.
private struct NumberColumn {
  private var bytes: [UInt8] = []
  private var numbers: [Double] = []
  private var areBytes = true

  mutating func append(_ number: Double) {
    if areBytes, let byte = UInt8(exactly: number), number.sign == .plus {
      bytes.append(byte)
      return
    }
    if areBytes {
      areBytes = false
      numbers = bytes.map(Double.init)
      bytes = []
    }
    numbers.append(number)
  }

  func tensor(_ shape: [Int]) -> StoredTensor {
    areBytes ? StoredTensor(shape: shape, bytes) : StoredTensor(shape: shape, numbers)
  }
}

/// The labels of a table: numbers, or names of classes.
private struct LabelColumn {
  private var numbers: [Double] = []
  private var names: [String] = []
  private var areNames = false

  mutating func append(
    _ field: CSVTable.Field, _ place: Int, _ table: CSVTable
  ) throws(TensorFileError) {
    let number = table.number(field)
    if numbers.isEmpty, names.isEmpty { areNames = number == nil }
    if areNames {
      names.append(table.text(field))
    } else if let number {
      numbers.append(number)
    } else {
      throw table.mistake("expected a number as the label, found '\(table.text(field).clipped(to: 40))'")
    }
  }

  /// Labels as numbers, and the names that they number.
  func tensor(
    _ count: Int, _ columns: Int, _ knownClasses: [String], _ path: String
  ) throws(TensorFileError) -> (StoredTensor, classNames: [String]) {
    let shape = columns == 1 ? [count] : [count, columns]
    guard areNames else { return (StoredTensor(shape: shape, numbers), knownClasses) }
    let found = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let classes = knownClasses.isEmpty ? found : knownClasses
    var places: [String: Int64] = [:]
    for (place, name) in classes.enumerated() { places[name] = Int64(place) }
    if let unknown = found.first(where: { places[$0] == nil }) {
      throw TensorFileError(
        path, "expected classes of the training data, found '\(unknown.clipped(to: 60))'",
        cause: "these are \(classes.joined(separator: ", ").clipped(to: 200))")
    }
    return (StoredTensor(shape: shape, names.compactMap { places[$0] }), classes)
  }
}
