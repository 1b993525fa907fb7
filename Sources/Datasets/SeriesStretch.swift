/// Consecutive rows without a gap: from `start` to the start of the next stretch. No window, and no
/// range of anomalous rows, crosses the end of a stretch.
package struct SeriesStretch: Hashable, Sendable {
  /// The first row.
  package var start: Int
  /// The file of these rows, if there are several files.
  package var file: String?
  /// The first row's number in that file, counted from 0.
  package var fileRow: Int

  package init(start: Int, file: String? = nil, fileRow: Int? = nil) {
    self.start = start
    self.file = file
    self.fileRow = fileRow ?? start
  }

  /// The same stretch, this many rows later.
  package func moved(by rows: Int) -> SeriesStretch {
    SeriesStretch(start: start + rows, file: file, fileRow: fileRow)
  }
}

extension [SeriesStretch] {
  /// The stretch that contains a row; the stretches are in ascending order, the first begins at 0.
  package func holding(_ row: Int) -> SeriesStretch {
    var (low, high) = (0, count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if self[middle].start <= row { low = middle } else { high = middle }
    }
    return self[low]
  }

  /// The file of a row, if there are several, and the row's number in the file.
  package func place(of row: Int) -> (file: String?, row: Int) {
    let stretch = holding(row)
    guard let file = stretch.file else { return (nil, row) }
    return (file, stretch.fileRow + row - stretch.start)
  }

  /// The stretches within the rows `range`, which are counted from 0 again.
  func cut(to range: Range<Int>) -> [SeriesStretch] {
    let first = holding(range.lowerBound)
    let moved = range.lowerBound - first.start
    return [SeriesStretch(start: 0, file: first.file, fileRow: first.fileRow + moved)]
      + filter { $0.start > range.lowerBound && $0.start < range.upperBound }
      .map { $0.moved(by: -range.lowerBound) }
  }
}
