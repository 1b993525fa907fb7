/// The columns of a table: features, class label, time, and those that are ignored.
struct CSVColumns {
  /// Fields of a line, without the empty field after a separator at its end.
  let count: Int
  let features: [Int]
  let label: Int?
  let time: Int?
  /// The names of the features; nil without a header.
  let featureNames: [String]?
  /// The number of columns that are neither features nor the label, and the names of the ignored
  /// ones.
  let leftOut: (count: Int, ignored: [String])
  let notes: [String]
  private let names: [String]?

  /// - Parameters:
  /// - first: the fields of the first line, without the empty field after a separator at its end.
  /// - hasHeader: whether these fields are the column names.
  init(
    _ first: [String], hasHeader: Bool, _ options: DataOptions, path: String
  ) throws(DatasetError) {
    count = first.count
    // A column without a name gets its number as name.
    let names =
      hasHeader ? first.enumerated().map { $1.isEmpty ? "column\($0 + 1)" : $1 } : nil
    self.names = names
    var notes: [String] = []
    let unnamed = hasHeader ? first.indices.filter { first[$0].isEmpty } : []
    if !unnamed.isEmpty {
      notes.append(
        "\(unnamed.count) \(unnamed.count == 1 ? "column has" : "columns have") no name, named here "
          + unnamed.map { "column\($0 + 1)" }.joined(separator: ", "))
    }
    let finder = Finder(names: names, count: first.count, path: path)
    let isLater = options.expecting != nil
    let label: Int?
    if let name = options.label, !isLater || !finder.places(of: name).isEmpty {
      label = try finder.place(of: name, "label")
    } else {
      label = nil
      if let name = options.label {
        notes.append("there is no column \(name): read without labels")
      }
    }
    self.label = label
    if let name = options.time, !isLater || !finder.places(of: name).isEmpty {
      time = try finder.place(of: name, "time")
    } else {
      time = nil
      if let name = options.time {
        notes.append("there is no column \(name): gaps in time are not detected")
      }
    }

    var ignored: [Int] = []
    for name in options.ignore {
      let places = finder.places(of: name)
      if places.isEmpty, !isLater { _ = try finder.place(of: name, "ignore") }
      ignored += places
    }
    if let label, ignored.contains(label) {
      throw .unexpected(
        place: path, expected: "a column that is either the label or ignored",
        received: "\(names?[label] ?? "\(label + 1)"), which is both",
        advice: "name it in only one of the two options")
    }
    let time = time
    let features: [Int]
    if let expecting = options.expecting, names != nil {
      features = try finder.matching(expecting)
    } else if let chosen = options.columns {
      features = try chosen.map { name throws(DatasetError) in
        try finder.place(of: name, "columns")
      }
    } else {
      features = first.indices.filter { $0 != label && $0 != time && !ignored.contains($0) }
      for place in features { try finder.expectOwnName(place) }
    }
    guard !features.isEmpty else {
      throw .unexpected(
        place: path, expected: "at least one feature column", received: "none",
        advice: "choose features with --columns, or data.columns")
    }
    if let both = features.first(where: {
      $0 == label || $0 == time || ignored.contains($0)
    }) {
      throw .unexpected(
        place: path,
        expected: "a column with one role: feature, label, time or ignored",
        received: "\(names?[both] ?? "\(both + 1)"), which has two",
        advice: "name it in only one of label, time, columns and ignore")
    }
    if let expecting = options.expecting, features.count != expecting.count {
      throw .unexpected(
        place: path, expected: "\(expecting.count) feature columns, as in the training data",
        received: "\(features.count)", advice: "prepare both files in the same way")
    }
    self.features = features
    featureNames = names.map { names in features.map { names[$0] } }
    let used = Set(features + [label, time].compactMap(\.self))
    let others = first.indices.filter { !used.contains($0) && !ignored.contains($0) }
    if isLater, let names, !others.isEmpty {
      notes.append(
        "\(others.count) \(others.count == 1 ? "column" : "columns") that the model was not trained on "
          + "\(others.count == 1 ? "is" : "are") ignored: "
          + Self.list(others.map { names[$0] }))
    }
    leftOut = (
      isLater ? 0 : others.count, ignored.filter { $0 != label }.map { names?[$0] ?? "\($0 + 1)" }
    )
    self.notes = notes
  }

  /// The name of a column in messages.
  func name(_ index: Int) -> String {
    names?[index].printable() ?? "\(index + 1)"
  }

  /// `a, b, c and 4 more`
  static func list(_ names: [String], most: Int = 8) -> String {
    names.prefix(most).map { $0.printable() }.joined(separator: ", ")
      + (names.count > most ? " and \(names.count - most) more" : "")
  }
}

/// Finds columns by their names, or by numbers from 1 if there is no header.
private struct Finder {
  let names: [String]?
  let count: Int
  let path: String
  /// Where each name is: files have tens of thousands of columns.
  private let placesByName: [String: [Int]]

  init(names: [String]?, count: Int, path: String) {
    (self.names, self.count, self.path) = (names, count, path)
    placesByName = Dictionary(grouping: names?.indices.map { $0 } ?? []) { names![$0] }
  }

  func places(of name: String) -> [Int] {
    guard names != nil else {
      return Int(name).flatMap { (1...count).contains($0) ? [$0 - 1] : nil } ?? []
    }
    return placesByName[name] ?? []
  }

  func place(of name: String, _ option: String) throws(DatasetError) -> Int {
    let places = places(of: name)
    guard let place = places.first else {
      guard let names else {
        throw .unexpected(
          place: path,
          expected: "a column number from 1 to \(count) in data.\(option), as there is no header",
          received: name, advice: "number the columns from 1, or set data.header")
      }
      throw .unexpected(
        place: path,
        expected: "one of the columns \(CSVColumns.list(names, most: 20)) in data.\(option)",
        received: name, advice: "check the spelling, or set data.header")
    }
    try expectOwnName(place)
    return place
  }

  /// Throws if another column has the same name.
  func expectOwnName(_ place: Int) throws(DatasetError) {
    guard let names else { return }
    let places = places(of: names[place])
    guard places.count > 1 else { return }
    throw .unexpected(
      place: path, expected: "columns with different names",
      received: "\(names[place].printable()), which \(places.count) columns have",
      advice: "rename them, or leave them out with --ignore \(names[place].printable())")
  }

  /// The indices of the features that the model was trained on.
  func matching(_ expected: [String]) throws(DatasetError) -> [Int] {
    let missing = expected.filter { places(of: $0).isEmpty }
    guard missing.isEmpty else {
      let others = (names ?? []).filter { !expected.contains($0) }
      throw .unexpected(
        place: path, expected: "the columns of the training data, which are matched by name",
        received: "no column \(CSVColumns.list(missing))"
          + (others.isEmpty ? "" : ", but other columns: \(CSVColumns.list(others))"),
        advice: "use the column names of the training data")
    }
    return try expected.map { name throws(DatasetError) in
      let place = places(of: name)[0]
      try expectOwnName(place)
      return place
    }
  }
}
