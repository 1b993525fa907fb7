/// Examples as windows of a series: ranges of its rows that may overlap, while the rows are stored
/// once.
package struct SeriesWindows: Hashable, Sendable {
  /// Rows of a window.
  package let length: Int
  /// The first row of each window, in ascending order.
  package let starts: [Int32]
  /// The class of each row, if rows have one.
  package let rowLabels: [Int32]?
  /// The starts of series, and of stretches after gaps; in ascending order, the first at row 0.
  package let stretches: [SeriesStretch]

  package init(
    length: Int, starts: [Int32], rowLabels: [Int32]? = nil,
    stretches: [SeriesStretch] = [SeriesStretch(start: 0)]
  ) {
    precondition(stretches.first?.start == 0, "the first stretch must start at row 0")
    self.length = length
    self.starts = starts
    self.rowLabels = rowLabels
    self.stretches = stretches
  }

  /// The rows of window `index`.
  package func rows(_ index: Int) -> Range<Int> {
    Int(starts[index])..<Int(starts[index]) + length
  }
}
