/// A CSV file as a data set: a line is an example, some columns are its features and one may be its
/// class.
///
/// Numbers stay `Double` until they are scaled (`FeatureScaling.scaled`). Missing values are NaN if
/// the options allow them.
struct CSVFile: Sendable {
  let path: String

  /// The table in memory, or as numbers in a cache if it would need too much.
  func load(_ options: DataOptions) throws(DatasetError) -> Dataset {
    guard try staysInFiles(options) else { return try loaded(options) }
    let found = try TableCache(path, options).dataset()
    return found.dataset.noting(TableCache.Use.note([found.use], of: nil))
  }

  /// Whether the table would need too much memory. Windows overlap, and are always in memory.
  func staysInFiles(_ options: DataOptions) throws(DatasetError) -> Bool {
    guard let limit = options.streaming, options.window == nil else { return false }
    return try TableSize(path, options).exceeds(limit)
  }

  func loaded(_ options: DataOptions) throws(DatasetError) -> Dataset {
    let (file, bytes) = try CSVContents.read(path, options)
    let text = try CSVText(bytes, path: path)
    let csv = CSV(text.bytes, try CSVDialect(text.bytes, options, path: path), path: path)
    var values: [Double] = []
    let content = try read(csv, options, note: text.note) { values = $0 }
    return content.dataset(path: path, file: file, .doubles(values))
  }

  /// Reads a table.
  /// - Parameters:
  ///   - note: about its encoding.
  ///   - most: features after which they are passed on.
  ///   - take: receives the features of some rows.
  func read(
    _ csv: consuming CSV, _ options: DataOptions, note: String?, most: Int = .max,
    take: ([Double]) throws(DatasetError) -> Void
  ) throws(DatasetError) -> CSVContent {
    var fields: [CSV.Field] = []
    guard try csv.next(into: &fields) else { throw missing("lines of data", "an empty file") }
    let first = (csv: csv, fields: fields)
    var hasMore = try csv.next(into: &fields)
    let (columns, hasTrailing) = try columns(first, hasMore ? (csv, fields) : nil, options)
    var table = CSVTable(columns, options, path: path)
    if options.header ?? true {
      guard hasMore else { throw missing("lines after the header", "none") }
    } else {
      try append(first.fields, first.csv, hasTrailing, columns.count, to: &table)
    }
    while hasMore, table.count < options.rowLimit ?? .max {
      try append(fields, csv, hasTrailing, columns.count, to: &table)
      if table.values.count >= most {
        try take(table.values)
        table.dropValues()
      }
      if table.count < options.rowLimit ?? .max { hasMore = try csv.next(into: &fields) }
    }

    var notes = csv.dialect.notes + [note].compactMap(\.self) + columns.notes
    if hasTrailing { notes.append("the separator at the end of every line is ignored") }
    if csv.blankLines > 0 {
      let isOne = csv.blankLines == 1
      notes.append(
        "\(csv.blankLines) blank \(isOne ? "line" : "lines") between others "
          + "\(isOne ? "is" : "are") skipped")
    }
    try take(table.values)
    return try table.content(notes: notes)
  }

  private func append(
    _ fields: [CSV.Field], _ csv: CSV, _ hasTrailing: Bool, _ count: Int, to table: inout CSVTable
  ) throws(DatasetError) {
    var fields = fields
    if hasTrailing, fields.count == count + 1, csv.isEmpty(fields[count]) {
      fields.removeLast()
    }
    guard fields.count == count else {
      throw .unexpected(
        place: "\(path), line \(csv.line)",
        expected: "\(count) fields, as in the first line", received: "\(fields.count)",
        advice: "quote fields that hold the separator, or set data.separator")
    }
    try table.append(fields, of: csv)
  }

  /// The columns, and whether every line ends with a separator.
  private func columns(
    _ first: (csv: CSV, fields: [CSV.Field]), _ second: (csv: CSV, fields: [CSV.Field])?,
    _ options: DataOptions
  ) throws(DatasetError) -> (CSVColumns, hasTrailing: Bool) {
    var names = first.fields.map(first.csv.text)
    // With a separator at the end of lines, the last field is empty and has no name.
    func endsEmpty(_ record: (csv: CSV, fields: [CSV.Field])) -> Bool {
      guard let last = record.fields.last, record.fields.count > 1 else { return false }
      return !last.isQuoted && record.csv.isEmpty(last)
    }
    var hasTrailing = false
    if let second, endsEmpty(second) {
      let count = first.fields.count
      hasTrailing =
        second.fields.count == count && endsEmpty(first)
        || options.header ?? true && second.fields.count == count + 1
      if hasTrailing, second.fields.count == count { names.removeLast() }
    }
    if options.header == nil { try expectNames(first.fields.prefix(names.count), first.csv) }
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
