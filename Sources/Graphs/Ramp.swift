/// A number that changes in equal steps from one value to another over the first epochs of training,
/// and then stays: the weight of a term, a capacity, the deviation of noise.
package struct Ramp: Hashable, Sendable, CustomStringConvertible,
  ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral
{
  package var from: Double
  /// Where it ends, and what evaluations take: so that losses of all epochs can be compared.
  package var to: Double
  package var epochs: Double

  package init(from: Double, to: Double, epochs: Double) {
    self.from = from
    self.to = to
    self.epochs = epochs
  }

  /// The same value for ever.
  package init(_ value: Double) { self.init(from: value, to: value, epochs: 0) }
  package init(floatLiteral value: Double) { self.init(value) }
  package init(integerLiteral value: Int) { self.init(Double(value)) }

  package var description: String {
    isConstant ? "\(to)" : "\(from) to \(to) over \(epochs) epochs"
  }

  package var isConstant: Bool { from == to || epochs <= 0 }

  /// `from + (to − from) · min((t − 1) / (epochs · stepsPerEpoch), 1)` for the `t`-th step, counted
  /// from 1.
  package func value(step: Int, stepsPerEpoch: Int) -> Double {
    guard !isConstant else { return to }
    return from + (to - from) * min(Double(step - 1) / (epochs * Double(stepsPerEpoch)), 1)
  }
}
