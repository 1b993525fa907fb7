import Datasets

/// The error of one value in a score.
package enum ErrorMeasure: String, Hashable, Sendable, CaseIterable {
  /// `(x − y)²`
  case squared
  /// `|x − y|`
  case absolute

  func callAsFunction(_ x: Double, _ y: Double) -> Double {
    switch self {
    case .squared: (x - y) * (x - y)
    case .absolute: abs(x - y)
    }
  }
}

/// Errors of a series' windows, by window and by row.
///
/// The error of a row in a column is the mean over all windows that contain the row. The score of a
/// row is the mean of this over the columns; the score of a window is the mean error of its values.
/// Missing values do not count.
package struct SeriesErrors: Hashable, Sendable {
  package let measure: ErrorMeasure
  /// The score of each window.
  package private(set) var windowScores: [Double] = []
  package let windows: SeriesWindows
  private let columnCount: Int
  /// Sums over the windows, and which values are missing, `[rows, columns]`.
  private var sums: [Double]
  private var isMissing: [Bool]
  /// The number of windows that contain each row.
  private var counts: [Int]

  package init(_ examples: Examples, _ measure: ErrorMeasure) {
    guard let windows = examples.windows else {
      preconditionFailure("windows of a series are needed")
    }
    self.windows = windows
    self.measure = measure
    columnCount = examples.rowSize
    sums = [Double](repeating: 0, count: examples.rowCount * columnCount)
    isMissing = [Bool](repeating: false, count: sums.count)
    counts = [Int](repeating: 0, count: examples.rowCount)
  }

  /// Adds the next windows, in order.
  /// - `originals`, `reconstructions`: `[N, T, C]`; an original is NaN where it is missing.
  package mutating func add(_ originals: [Float], _ reconstructions: [Float]) {
    let size = windows.length * columnCount
    precondition(originals.count == reconstructions.count && originals.count % size == 0)
    for start in stride(from: 0, to: originals.count, by: size) {
      let rows = windows.rows(windowScores.count)
      for row in rows { counts[row] += 1 }
      var (sum, count) = (0.0, 0)
      for place in 0..<size {
        let cell = rows.lowerBound * columnCount + place
        let original = Double(originals[start + place])
        guard !original.isNaN else {
          isMissing[cell] = true
          continue
        }
        let error = measure(original, Double(reconstructions[start + place]))
        sums[cell] += error
        sum += error
        count += 1
      }
      windowScores.append(sum / Double(max(count, 1)))
    }
  }

  /// The score of each row; `nil` if no window contains it, or all its values are missing.
  package var rowScores: [Double?] {
    counts.indices.map { row in
      let known = known(row)
      guard counts[row] > 0, !known.isEmpty else { return nil }
      return known.reduce(0) { $0 + sums[$1] } / Double(known.count * counts[row])
    }
  }

  /// The columns with the largest errors in a row, in descending order.
  package func worstColumns(ofRow row: Int, count: Int = 3) -> [Int] {
    known(row).filter { sums[$0] > 0 }.sorted { (sums[$0], -$0) > (sums[$1], -$1) }.prefix(count)
      .map { $0 - row * columnCount }
  }

  /// The indices of a row's values that are not missing.
  private func known(_ row: Int) -> [Int] {
    (row * columnCount..<(row + 1) * columnCount).filter { !isMissing[$0] }
  }
}
