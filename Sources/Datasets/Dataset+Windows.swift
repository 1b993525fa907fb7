extension Dataset {
  /// The same data as windows: overlapping examples of consecutive rows.
  ///
  /// Examples that are rows, `[C]`, form one series, which is split into `stretches`. Each example
  /// `[T, C]`, which arrays store as `[T, C, 1]`, is a separate series. No window crosses the end
  /// of a stretch or series.
  /// - Parameters:
  ///   - window: rows of a window.
  ///   - stride: rows from the start of one window to the start of the next.
  ///
  /// Throws if no series is as long as a window.
  func windowed(_ window: Int, stride: Int) throws(DatasetError) -> Dataset {
    var notes = notes
    let training = try Self.windows(
      of: training, stretches, window, stride, place: name, notes: &notes)
    let test = try test.map { test throws(DatasetError) in
      try Self.windows(
        of: test, [SeriesStretch(start: 0)], window, stride, place: "\(name), test data",
        notes: &notes)
    }
    return Dataset(
      name: name, training: training, test: test, files: files, labelNames: labelNames,
      featureNames: featureNames, details: details, notes: notes)
  }

  private static func windows(
    of examples: Examples, _ stretches: [SeriesStretch], _ window: Int, _ stride: Int,
    place: String, notes: inout [String]
  ) throws(DatasetError) -> Examples {
    let (rowsOfEach, columns, stretches) = try series(of: examples, stretches, place)
    let ends = stretches.dropFirst().map(\.start) + [examples.count * rowsOfEach]
    let series = zip(stretches, ends).map { $0.start..<$1 }
    let starts = series.flatMap { rows in
      Swift.stride(from: rows.lowerBound, through: rows.upperBound - window, by: stride)
        .map { Int32(truncatingIfNeeded: $0) }
    }
    let longest = series.map(\.count).max() ?? 0
    guard !starts.isEmpty, series.last!.upperBound <= Int32.max else {
      throw .unexpected(
        place: place,
        expected: starts.isEmpty
          ? "a series of at least \(window) rows, the length of a window"
          : "a series of at most \(Int32.max) rows",
        received: "\(longest) rows\(series.count > 1 ? " in the longest of \(series.count)" : "")",
        advice: starts.isEmpty ? "choose a smaller window" : "split it into several series")
    }
    let short = series.filter { $0.count < window }
    if !short.isEmpty {
      let rows = short.map(\.count).reduce(0, +)
      notes.append(
        "left out \(rows) \(rows == 1 ? "row" : "rows") in \(short.count) of \(series.count) stretches, "
          + "which are shorter than a window")
    }
    let labels = examples.labels.map { labels in
      labels.flatMap { [Int32](repeating: $0, count: rowsOfEach) }
    }
    return Examples(
      count: starts.count, shape: [window, columns], elements: examples.elements,
      windows: SeriesWindows(
        length: window, starts: starts, rowLabels: labels, stretches: stretches))
  }

  /// Rows per example, columns per row, and the starts of series and stretches.
  private static func series(
    of examples: Examples, _ stretches: [SeriesStretch], _ place: String
  ) throws(DatasetError) -> (rowsOfEach: Int, columns: Int, stretches: [SeriesStretch]) {
    let shape = examples.shape
    switch shape.count {
    case 1:
      return (1, shape[0], stretches)
    case 3 where shape[2] == 1:
      let rows = shape[0]
      return (rows, shape[1], (0..<examples.count).map { SeriesStretch(start: $0 * rows) })
    default:
      throw .unexpected(
        place: place,
        expected:
          "rows [rows, columns], or several series [series, rows, columns], for windows",
        received: "\([examples.count] + shape)", advice: "leave window out")
    }
  }
}
