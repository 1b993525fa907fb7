/// How examples are windows of a series: runs of its rows that may overlap, while the rows are kept
/// once.
package struct SeriesWindows: Hashable, Sendable {
  /// Rows of a window.
  package let length: Int
  /// The row at which each window begins, in ascending order.
  package let starts: [Int32]
  /// The class of each row, where rows have one.
  package let rowLabels: [Int32]?
  /// Where series begin, and go on after a gap; in ascending order, the first of them at row 0.
  package let stretches: [SeriesStretch]

  package init(
    length: Int, starts: [Int32], rowLabels: [Int32]? = nil,
    stretches: [SeriesStretch] = [SeriesStretch(start: 0)]
  ) {
    precondition(stretches.first?.start == 0, "rows begin with a stretch")
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
