import Foundation

/// The learning rate schedule: a factor for the recipe's rate, a pure function of the time in
/// epochs.
package struct LearningRateSchedule: Hashable, Sendable {
  package var decay: Decay
  /// The number of epochs in which the rate grows linearly from near 0 to its full value; then the
  /// decay begins.
  package var warmUp: Double

  package enum Decay: Hashable, Sendable {
    case constant
    /// Multiplied by `factor` after every `epochs`.
    case step(epochs: Double, factor: Double)
    /// Multiplied by `factor` over every `epochs`, continuously.
    case exponential(epochs: Double, factor: Double)
    /// Half a cosine from 1 to `floor` over `epochs`, then `floor` (Loshchilov and Hutter 2016).
    case cosine(epochs: Double, floor: Double)
  }

  package static let constant = LearningRateSchedule(.constant)

  package init(_ decay: Decay, warmUp: Double = 0) {
    self.decay = decay
    self.warmUp = warmUp
  }

  /// The factor of the `step`-th update, counted from 1.
  package func factor(step: Int, stepsPerEpoch: Int) -> Double {
    let warmUpSteps = warmUp * Double(stepsPerEpoch)
    if Double(step) < warmUpSteps { return Double(step) / warmUpSteps }
    let epoch = max(Double(step - 1) - warmUpSteps, 0) / Double(stepsPerEpoch)
    switch decay {
    case .constant: return 1
    case .step(let epochs, let factor): return pow(factor, (epoch / epochs).rounded(.down))
    case .exponential(let epochs, let factor): return pow(factor, epoch / epochs)
    case .cosine(let epochs, let floor):
      let share = min(epoch / epochs, 1)
      return floor + (1 - floor) * (1 + cos(Double.pi * share)) / 2
    }
  }
}
