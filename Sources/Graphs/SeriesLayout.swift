/// How examples lie in memory that are windows of a series: its rows once, of which each window takes
/// some, one after the other.
package struct SeriesLayout: Hashable, Sendable {
  package let rowCount: Int
  /// Rows of a window.
  package let window: Int

  package init(rowCount: Int, window: Int) {
    self.rowCount = rowCount
    self.window = window
  }

  /// The type of the rows, `[rowCount, C]`, of windows of this shape.
  package func rows(ofWindow shape: Shape, _ elementType: ElementType) -> TensorType {
    TensorType([rowCount, shape.count / window], elementType)
  }
}
