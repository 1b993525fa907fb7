/// How a fused launch cuts the rows of a batch into the shares that its groups take.
enum RowCut: Hashable, Sendable {
  /// A share a compute unit.
  case byUnits
  /// All rows are one share: what needs all rows, as the statistics of a batch, need not be waited
  /// for, and the other compute units have nothing to do.
  case whole
}
