/// A CSV file as a data set: a line is an example, chosen columns are its features and one may be
/// its class.
struct CSVFile: Sendable {
  let path: String

  func load(_ options: DataOptions) throws(DatasetError) -> Dataset {
    let (bytes, file) = try InputFile.read(path)
    var csv = CSV(bytes, separator: options.separator, path: path)
    var fields: [CSV.Field] = []
    guard try csv.next(into: &fields) else { throw missing("lines", "an empty file") }
    let columns = try Columns(fields.map(csv.text), options, path: path)
    if options.header {
      guard try csv.next(into: &fields) else {
        throw missing("lines after the header", "none")
      }
    }

    var values: [Float] = []
    var classes: [String] = []
    repeat {
      guard fields.count == columns.count else {
        throw .unexpected(
          place: "\(path), line \(csv.line)",
          expected: "\(columns.count) fields, as in the first line", received: "\(fields.count)",
          advice: "quote fields that hold the separator, or set data.separator")
      }
      for column in columns.features {
        values.append(try number(fields[column], column, columns, csv))
      }
      if let label = columns.label { classes.append(csv.text(fields[label])) }
    } while try csv.next(into: &fields)

    let count = values.count / columns.features.count
    let names = columns.label == nil ? nil : ClassNames(classes)
    let training = Examples(
      count: count, shape: [columns.features.count], elements: .floats(values),
      labels: names.map { names in classes.map(names.label) })
    return Dataset(
      name: InputFile.lastComponent(path), training: training, test: nil, files: [file],
      labelNames: names?.names)
  }

  private func number(
    _ field: CSV.Field, _ column: Int, _ columns: Columns, _ csv: CSV
  ) throws(DatasetError) -> Float {
    if let number = csv.number(field), Float(number).isFinite { return Float(number) }
    let text = csv.text(field)
    throw .unexpected(
      place: "\(path), line \(csv.line), column \(columns.name(column))",
      expected: "a finite number", received: text.isEmpty ? "nothing" : text,
      advice: "correct it, or leave the column out with data.columns")
  }

  private func missing(_ expected: String, _ received: String) -> DatasetError {
    .unexpected(
      place: path, expected: expected, received: received,
      advice: "check that the file is what its name says")
  }
}

/// Which fields of a line are features and which is the class.
private struct Columns {
  let count: Int
  let features: [Int]
  let label: Int?
  private let names: [String]?

  /// - `first`: the fields of the first line.
  init(_ first: [String], _ options: DataOptions, path: String) throws(DatasetError) {
    count = first.count
    names = options.header ? first : nil
    let label = try options.label.map { name throws(DatasetError) in
      try Self.index(of: name, "data.label", first, options, path)
    }
    self.label = label
    var features: [Int] = []
    if let chosen = options.columns {
      for name in chosen {
        features.append(try Self.index(of: name, "data.columns", first, options, path))
      }
    } else {
      features = first.indices.filter { $0 != label }
    }
    guard !features.isEmpty else {
      throw .unexpected(
        place: path, expected: "at least one column of features", received: "none",
        advice: "choose some with data.columns")
    }
    self.features = features
  }

  /// What a message calls a column.
  func name(_ index: Int) -> String {
    names?[index] ?? "\(index + 1)"
  }

  private static func index(
    of name: String, _ option: String, _ first: [String], _ options: DataOptions, _ path: String
  ) throws(DatasetError) -> Int {
    guard options.header else {
      guard let number = Int(name), (1...first.count).contains(number) else {
        throw .unexpected(
          place: path,
          expected: "a column from 1 to \(first.count) in \(option), as there is no header",
          received: name, advice: "number the columns from 1, or set data.header")
      }
      return number - 1
    }
    let places = first.indices.filter { first[$0] == name }
    guard places.count == 1 else {
      throw .unexpected(
        place: path,
        expected: places.isEmpty
          ? "one of the columns \(first.joined(separator: ", ")) in \(option)"
          : "a column whose name is its own in \(option)",
        received: places.isEmpty ? name : "\(name), which \(places.count) columns have",
        advice: places.isEmpty ? "check the spelling, or set data.header" : "rename one of them")
    }
    return places[0]
  }
}
