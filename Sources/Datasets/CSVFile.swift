/// A CSV file as a data set: a line is an example, some columns are its features and one may be its
/// class.
///
/// Numbers stay `Double` until they are scaled (`FeatureScaling.scaled`). Missing values are NaN if
/// the options allow them.
struct CSVFile: Sendable {
  let path: String

  func load(_ options: DataOptions) throws(DatasetError) -> Dataset {
    let (file, contents) = try CSVContents.read(path, rowLimit: options.rowLimit)
    return try dataset(contents, file: file, options)
  }

  private func dataset(
    _ contents: [UInt8], file: DatasetFile, _ options: DataOptions
  ) throws(DatasetError) -> Dataset {
    let text = try CSVText(contents, path: path)
    let dialect = try CSVDialect(text.bytes, options, path: path)
    var csv = CSV(text.bytes, dialect, path: path)
    var fields: [CSV.Field] = []
    guard try csv.next(into: &fields) else { throw missing("lines of data", "an empty file") }
    let (columns, hasTrailing) = try columns(fields, csv, options)
    if options.header ?? true {
      guard try csv.next(into: &fields) else {
        throw missing("lines after the header", "none")
      }
    }

    var table = CSVTable(columns, csv, options, path: path)
    repeat {
      if hasTrailing, fields.count == columns.count + 1, csv.isEmpty(fields[columns.count]) {
        fields.removeLast()
      }
      guard fields.count == columns.count else {
        throw .unexpected(
          place: "\(path), line \(csv.line)",
          expected: "\(columns.count) fields, as in the first line", received: "\(fields.count)",
          advice: "quote fields that hold the separator, or set data.separator")
      }
      try table.append(fields, line: csv.line)
      guard table.count < options.rowLimit ?? .max else { break }
    } while try csv.next(into: &fields)

    var notes = dialect.notes + [text.note].compactMap(\.self) + columns.notes
    if hasTrailing { notes.append("the separator at the end of every line is ignored") }
    if csv.blankLines > 0 {
      let isOne = csv.blankLines == 1
      notes.append(
        "\(csv.blankLines) blank \(isOne ? "line" : "lines") between others "
          + "\(isOne ? "is" : "are") skipped")
    }
    return try table.dataset(
      name: InputFile.lastComponent(path), file: file, notes: notes)
  }

  /// The columns, and whether every line ends with a separator.
  private func columns(
    _ first: [CSV.Field], _ csv: CSV, _ options: DataOptions
  ) throws(DatasetError) -> (CSVColumns, hasTrailing: Bool) {
    var names = first.map(csv.text)
    var rest = csv
    var second: [CSV.Field] = []
    let hasSecond = try rest.next(into: &second)
    // With a separator at the end of lines, the last field is empty and has no name.
    func endsEmpty(_ fields: [CSV.Field]) -> Bool {
      fields.count > 1 && !fields.last!.isQuoted && csv.isEmpty(fields.last!)
    }
    let hasTrailing =
      hasSecond && endsEmpty(second)
      && (second.count == first.count && endsEmpty(first)
        || options.header ?? true && second.count == first.count + 1)
    if hasTrailing, second.count == first.count { names.removeLast() }
    if options.header == nil { try expectNames(first.prefix(names.count), csv) }
    let columns = try CSVColumns(names, hasHeader: options.header ?? true, options, path: path)
    return (columns, hasTrailing)
  }

  /// Throws if the first line is clearly not a header: only numbers (except column numbers as NumPy
  /// and pandas write them), or a number that cannot be a column's name.
  private func expectNames(
    _ fields: ArraySlice<CSV.Field>, _ csv: CSV
  ) throws(DatasetError) {
    var numbers: [Double] = []
    var isFraction = false
    for field in fields {
      guard case .number(let number) = csv.number(field) else { continue }
      numbers.append(number)
      if number != number.rounded() || csv.text(field).contains(".") { isFraction = true }
    }
    let counts =
      numbers.count > 2 && (numbers[0] == 0 || numbers[0] == 1)
      && zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }
    guard isFraction || numbers.count == fields.count && !counts else { return }
    throw .unexpected(
      place: "\(path), line \(csv.line)", expected: "a header with the column names",
      received: CSVColumns.list(fields.map(csv.text), most: 4),
      advice: "say with --no-header (data.header: false) that there is none, or with --header that "
        + "these are the names")
  }

  private func missing(_ expected: String, _ received: String) -> DatasetError {
    .unexpected(
      place: path, expected: expected, received: received,
      advice: "check that it is the right file")
  }
}
