/// The rows of a table, as they are read.
struct CSVTable {
  private let columns: CSVColumns
  private let options: DataOptions
  private let path: String
  private let cells: CSVCells
  private(set) var count = 0
  /// The features of the rows that were not taken yet.
  private(set) var values: [Double] = []
  /// The class of each row, numbered as they came.
  private var labels: [Int32] = []
  private var classes: [String: Int32] = [:]
  /// The time of each row, if there is a column of times.
  private var times: [Double] = []
  /// Missing values of each feature.
  private var missing: [Int]
  /// Features that have counted the rows so far, starting at 0 or 1.
  private var counting: [(feature: Int, start: Double)] = []
  /// Lines with only empty fields; they count as rows only if other rows follow.
  private var emptyLines: [Int] = []
  /// The number of rows from which a column that counts them is reported.
  private static let fewestRows = 5

  init(_ columns: CSVColumns, _ options: DataOptions, path: String) {
    self.columns = columns
    self.options = options
    self.path = path
    cells = CSVCells(columns: columns, mayMiss: options.missing != nil, path: path)
    missing = [Int](repeating: 0, count: columns.features.count)
  }

  /// Adds the last record.
  mutating func append(_ fields: [CSV.Field], of csv: CSV) throws(DatasetError) {
    if fields.count > 1, fields.allSatisfy(csv.isEmpty) {
      emptyLines.append(csv.line)
      return
    }
    if !emptyLines.isEmpty {
      let lines = emptyLines
      emptyLines = []
      for line in lines { try add(nil, of: csv, line: line) }
    }
    try add(fields, of: csv, line: csv.line)
  }

  /// - Parameter fields: nil for a line with only empty fields.
  private mutating func add(
    _ fields: [CSV.Field]?, of csv: CSV, line: Int
  ) throws(DatasetError) {
    for (feature, column) in columns.features.enumerated() {
      let value = try cells.value(fields?[column], of: csv, column, line)
      if value.isNaN { missing[feature] += 1 }
      values.append(value)
    }
    if let column = columns.label {
      let name = try cells.label(fields?[column], of: csv, column, line)
      let label = classes[name] ?? Int32(classes.count)
      classes[name] = label
      labels.append(label)
    }
    if let column = columns.time {
      let time = try cells.time(fields?[column], of: csv, column, line)
      if options.window != nil { times.append(time) }
    }
    let row = values[(values.count - columns.features.count)...]
    if count == 0 {
      counting = row.enumerated().filter { $1 == 0 || $1 == 1 }.map { ($0, $1) }
    } else if !counting.isEmpty {
      counting.removeAll { row[row.startIndex + $0.feature] != $0.start + Double(count) }
    }
    count += 1
  }

  /// Forgets the features of the rows so far, which another has.
  mutating func dropValues() { values.removeAll(keepingCapacity: true) }

  /// What the table has besides its features.
  /// - Parameter notes: notes about the text.
  consuming func content(notes: [String]) throws(DatasetError) -> CSVContent {
    guard count > 0 else {
      throw .unexpected(
        place: path, expected: "at least one line with values", received: "empty fields only",
        advice: "check that it is the right file")
    }
    // A file for a trained model may lack values that the training data had.
    if options.expecting == nil, let all = missing.firstIndex(of: count) {
      let column = columns.name(columns.features[all])
      throw .unexpected(
        place: "\(path), column \(column)", expected: "at least one number",
        received: "missing values only", advice: "leave the column out with --ignore \(column)")
    }
    let names = columns.label == nil ? nil : ClassNames(classes.keys)
    var details: [String] = []
    if let label = columns.label, let names {
      details.append(Self.detail(label: columns.name(label), classes: names.names.count))
    }
    if !columns.leftOut.ignored.isEmpty {
      details.append("ignored: " + CSVColumns.list(columns.leftOut.ignored))
    }
    if columns.leftOut.count > 0 { details.append("left out: \(columns.leftOut.count)") }
    let gaps = TimeGaps(times)
    let notes = notes + ownNotes + [gaps.note].compactMap(\.self)
    return CSVContent(
      count: count, columnCount: columns.features.count, featureNames: columns.featureNames,
      labelNames: names?.names, labels: names.map(labels), details: details, notes: notes,
      stretches: ([0] + gaps.breaks).map { SeriesStretch(start: $0) })
  }

  /// The labels by the order of the names.
  private func labels(_ names: ClassNames) -> [Int32] {
    var order = [Int32](repeating: 0, count: classes.count)
    for (name, number) in classes { order[Int(number)] = names.label(name) }
    return labels.map { order[Int($0)] }
  }

  /// A note about the column of classes.
  static func detail(label: String, classes count: Int) -> String {
    "label: \(label), \(count) \(count == 1 ? "class" : "classes")"
  }

  /// Notes about the rows.
  private var ownNotes: [String] {
    var notes: [String] = []
    if !emptyLines.isEmpty {
      let isOne = emptyLines.count == 1
      notes.append(
        "\(emptyLines.count) empty \(isOne ? "line" : "lines") at the end \(isOne ? "is" : "are") "
          + "skipped")
    }
    let missingCount = missing.reduce(0, +)
    if missingCount > 0, let policy = options.missing {
      let columns = missing.count { $0 > 0 }
      notes.append(
        "\(missingCount) missing \(missingCount == 1 ? "value" : "values") in \(columns) "
          + "\(columns == 1 ? "column" : "columns") "
          + (policy == .mean
            ? "filled with the training data's mean of the column"
            : "left out of the loss"))
    }
    guard count >= Self.fewestRows, options.expecting == nil else { return notes }
    for (feature, _) in counting {
      let name = columns.name(columns.features[feature])
      notes.append(
        "column \(name) counts the rows and is used as a feature; to leave it out, add "
          + "--ignore \(name)")
    }
    return notes
  }
}
