extension Examples {
  /// Values of a row: of the series where examples are windows, else of an example.
  package var rowSize: Int { windows.map { featureCount / $0.length } ?? featureCount }

  /// Rows of the series where examples are windows, else examples.
  package var rowCount: Int { windows == nil ? count : elements.count / max(rowSize, 1) }

  /// The rows of the series where examples are windows, each an example; else these examples.
  package var storedRows: Examples {
    guard let windows else { return self }
    return Examples(
      count: rowCount, shape: [rowSize], elements: elements, labels: windows.rowLabels)
  }

  /// The windows of a range, and the rows that they have.
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

  /// Holds back the windows that lie within the last `fraction` of the rows. Windows that have rows
  /// on both sides are in neither part, so that no row trains and judges.
  ///
  /// Throws where either part would have no window.
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
          "a part of the series with windows of \(windows.length) rows on both sides of the "
          + "cut, which no window crosses",
        received: "the last \(rowCount - cut) of \(rowCount) rows",
        advice: "choose another fraction or a smaller window")
    }
    return (self[0..<training], self[first..<count])
  }

  /// At most so many of the windows, evenly among them, with all rows.
  package func thinned(to most: Int) -> Examples {
    guard let windows, count > most else { return self }
    let starts = (0..<most).map { windows.starts[$0 * count / most] }
    return Examples(
      count: most, shape: shape, elements: elements,
      windows: SeriesWindows(
        length: windows.length, starts: starts, rowLabels: windows.rowLabels,
        stretches: windows.stretches))
  }

  /// Every value of every window, `[count, T, C]`, of values of the rows, `[rowCount, C]`.
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
