extension Examples {
  /// Values of a row: of the series if examples are windows, else of an example.
  package var rowSize: Int { windows.map { featureCount / $0.length } ?? featureCount }

  /// Rows of the series if examples are windows, else the number of examples.
  package var rowCount: Int { windows == nil ? count : elements.count / max(rowSize, 1) }

  /// The rows of the series as examples if examples are windows; else these examples.
  package var storedRows: Examples {
    guard let windows else { return self }
    return Examples(
      count: rowCount, shape: [rowSize], elements: elements, labels: windows.rowLabels)
  }

  /// The windows of a range, and their rows.
  func cut(_ windows: SeriesWindows, to range: Range<Int>) -> Examples {
    let first = range.isEmpty ? 0 : windows.rows(range.lowerBound).lowerBound
    let end = range.isEmpty ? 0 : windows.rows(range.upperBound - 1).upperBound
    let rows = storedRows[first..<end]
    return Examples(
      count: range.count, shape: shape, elements: rows.elements,
      windows: SeriesWindows(
        length: windows.length, starts: windows.starts[range].map { $0 - Int32(first) },
        rowLabels: rows.labels, stretches: windows.stretches.cut(to: first..<end)))
  }

  /// Holds out the windows that are completely within the last `fraction` of the rows. Windows with
  /// rows on both sides are in neither part, so that training and validation share no row.
  ///
  /// Throws if one part would have no window.
  func splitInTime(
    _ windows: SeriesWindows, last fraction: Double
  ) throws(DatasetError) -> (training: Examples, validation: Examples) {
    let cut = Int((Double(rowCount) * (1 - fraction)).rounded(.down))
    let training = windows.starts.count { Int($0) + windows.length <= cut }
    let first = windows.starts.count { Int($0) < cut }
    guard training > 0, first < count else {
      throw .unexpected(
        place: "validation",
        expected:
          "a split of the series with windows of \(windows.length) rows on both sides; no window crosses "
          + "the split",
        received: "the last \(rowCount - cut) of \(rowCount) rows",
        advice: "choose another fraction or a smaller window")
    }
    return (self[0..<training], self[first..<count])
  }

  /// At most this number of windows, evenly spaced, with all rows.
  package func thinned(to most: Int) -> Examples {
    guard let windows, count > most else { return self }
    let starts = (0..<most).map { windows.starts[$0 * count / most] }
    return Examples(
      count: most, shape: shape, elements: elements,
      windows: SeriesWindows(
        length: windows.length, starts: starts, rowLabels: windows.rowLabels,
        stretches: windows.stretches))
  }

  /// The values of all windows, `[count, T, C]`, from values of the rows, `[rowCount, C]`.
  package func windowed<Value>(_ values: [Value]) -> [Value] {
    guard let windows else { return values }
    var result: [Value] = []
    result.reserveCapacity(count * featureCount)
    for index in windows.starts.indices {
      let rows = windows.rows(index)
      result += values[rows.lowerBound * rowSize..<rows.upperBound * rowSize]
    }
    return result
  }
}
