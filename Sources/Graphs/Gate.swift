/// Which steps an update moves anything in: those whose row of the training feed's log has
/// `above < Σ weight · column < below`. It is read after the phase's record, so that phases before and
/// the phase's own have written theirs.
package struct Gate: Hashable, Sendable {
  package let columns: Range<Int>
  /// A weight a column.
  package let weights: [Double]
  package let above: Double?
  package let below: Double?

  package init(columns: Range<Int>, weights: [Double], above: Double?, below: Double?) {
    precondition(columns.count == weights.count, "a weight a column")
    self.columns = columns
    self.weights = weights
    self.above = above
    self.below = below
  }

  /// Whether a row of the log lets the update through.
  package func isOpen(_ row: (Int) -> Double) -> Bool {
    let value = zip(columns, weights).reduce(0) { $0 + $1.1 * row($1.0) }
    return above.map { value > $0 } ?? true && below.map { value < $0 } ?? true
  }

  var text: String {
    let least = above.map { "\($0) < " } ?? ""
    let greatest = below.map { " < \($0)" } ?? ""
    return "if \(least)loss\(greatest)"
  }
}
