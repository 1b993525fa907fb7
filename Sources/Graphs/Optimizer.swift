/// Update rules of parameters.
package enum Optimizer: Hashable, Sendable {
  /// `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`, `w −= η · m̂ / (√v̂ + ε)` (Kingma and Ba 2014,
  /// algorithm 1).
  case adam(beta1: Double, beta2: Double, epsilon: Double)
  /// Adam, with additional `w −= η · decay · w` for weights, not for biases (Loshchilov and Hutter
  /// 2017, algorithm 2; the learning rate scales the decay, as in PyTorch and Keras).
  case adamW(beta1: Double, beta2: Double, epsilon: Double, decay: Double)
  /// `v ← ρv + (1−ρ)g²`, `w −= η · g / (√v + ε)` (Tieleman and Hinton 2012); with momentum
  /// `b ← μb + g / (√v + ε)`, `w −= η · b`. The moments are `v`, then `b`.
  case rmsProp(rho: Double, momentum: Double, epsilon: Double)
  /// `b ← μb + g`, `w −= η · b`; with Nesterov `w −= η · (g + μb)` (Sutskever et al. 2013).
  case sgd(momentum: Double, nesterov: Bool)

  package var name: String {
    switch self {
    case .adam: "adam"
    case .adamW: "adamW"
    case .rmsProp: "rmsProp"
    case .sgd: "sgd"
    }
  }

  /// The number of buffers of the parameters' size that it needs.
  package var momentCount: Int {
    switch self {
    case .adam, .adamW: 2
    case .rmsProp(_, let momentum, _): momentum == 0 ? 1 : 2
    case .sgd(let momentum, _): momentum == 0 ? 0 : 1
    }
  }

  /// The values that change from step to step, for the `step`-th update, counted from 1.
  package func schedule(step: Int, learningRate: Double) -> StepSchedule {
    switch self {
    case .adam(let beta1, let beta2, _), .adamW(let beta1, let beta2, _, _):
      StepSchedule(
        learningRate: learningRate, correction1: 1 / (1 - power(beta1, step)),
        correction2: 1 / (1 - power(beta2, step)))
    case .sgd, .rmsProp:
      StepSchedule(learningRate: learningRate, correction1: 1, correction2: 1)
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}

/// The values of an update that depend on the step.
package struct StepSchedule: Hashable, Sendable {
  /// `η`
  package let learningRate: Double
  /// `1 / (1 − β₁ᵗ)`, so that `m̂ = m · correction1`.
  package let correction1: Double
  /// `1 / (1 − β₂ᵗ)`, so that `v̂ = v · correction2`.
  package let correction2: Double

  /// The number of its columns in a table of steps.
  package static let columnCount = 3
}

/// The planned values that change from step to step: one row per step of an epoch, with the
/// schedule of every phase's update, in order, and the values of the ramps.
package struct StepTable: Hashable, Sendable {
  /// `rows[step][phase]`
  package let rows: [[StepSchedule]]
  /// `values[step][ramp]`, in the order of the store's ramps.
  package let values: [[Double]]

  package init(_ rows: [[StepSchedule]], values: [[Double]] = []) {
    (self.rows, self.values) = (rows, values)
  }

  /// For steps with one update.
  package init(_ rows: [StepSchedule]) { self.init(rows.map { [$0] }) }

  /// For evaluation, which has no update.
  package static let empty = StepTable([[StepSchedule]]())
}
