/// Which rows of some files are in use. A place is the number of a row among those in use, from 0.
enum RowSelection: Hashable, Sendable {
  case all
  /// All but these, in ascending order.
  case without([Int])
  /// These, in ascending order.
  case only([Int])

  /// The rows at these places, as runs of neighbouring rows.
  func runs(at places: Range<Int>) -> [Range<Int>] {
    switch self {
    case .all: [places]
    case .only(let rows): Self.runs(rows[places])
    case .without(let rows): Self.runs(around: rows, at: places)
    }
  }

  private static func runs(_ rows: ArraySlice<Int>) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for row in rows {
      if let last = runs.last, last.upperBound == row {
        runs[runs.count - 1] = last.lowerBound..<row + 1
      } else {
        runs.append(row..<row + 1)
      }
    }
    return runs
  }

  private static func runs(around rows: [Int], at places: Range<Int>) -> [Range<Int>] {
    // The left-out rows before the first place: row `rows[index]` has `rows[index] - index` rows in
    // use before it.
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] - middle <= places.lowerBound { low = middle + 1 } else { high = middle }
    }
    var (runs, row, left): ([Range<Int>], Int, Int) = ([], places.lowerBound + low, places.count)
    while left > 0 {
      let end = min(row + left, low < rows.count ? rows[low] : .max)
      if row < end { runs.append(row..<end) }
      left -= end - row
      (row, low) = (end + 1, low + 1)
    }
    return runs
  }
}
