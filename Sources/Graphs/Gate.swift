/// The condition of an update: it is applied only in steps whose row of the training feed's log has
/// `above < Σ weight · column < below`. It is evaluated after the phase's record, so the phase and
/// the phases before it have written their losses.
package struct Gate: Hashable, Sendable {
  package let columns: Range<Int>
  /// One weight per column.
  package let weights: [Double]
  package let above: Double?
  package let below: Double?

  package init(columns: Range<Int>, weights: [Double], above: Double?, below: Double?) {
    precondition(columns.count == weights.count, "one weight per column is needed")
    self.columns = columns
    self.weights = weights
    self.above = above
    self.below = below
  }

  /// Whether the update is applied for this row of the log.
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
