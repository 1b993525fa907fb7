/// A number that changes linearly from one value to another over the first epochs of training and
/// then stays constant: a weight, a capacity, or the standard deviation of noise.
package struct Ramp: Hashable, Sendable, CustomStringConvertible,
  ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral
{
  package var from: Double
  /// The final value, which evaluations use, so that losses of all epochs can be compared.
  package var to: Double
  package var epochs: Double

  package init(from: Double, to: Double, epochs: Double) {
    self.from = from
    self.to = to
    self.epochs = epochs
  }

  /// A constant.
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
