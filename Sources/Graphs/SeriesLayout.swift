/// The memory layout of examples that are windows of a series: each row is stored once, and a
/// window is a range of consecutive rows.
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
