/// How a fused launch divides the rows of a batch among its groups.
enum RowCut: Hashable, Sendable {
  /// One part per compute unit.
  case byUnits
  /// All rows are one part: steps that need all rows, such as the statistics of a batch, need no
  /// waiting, but the other compute units are idle.
  case whole
}
