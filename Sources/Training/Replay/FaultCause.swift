import Layers
import Recipes
import Reports

/// The likely reason why a step was not finite, found from its replay.
package enum FaultCause: Hashable, Sendable {
  /// Values of the examples are so large that results computed from them overflow.
  case examples(largest: Double, row: Int?)
  /// The decoder's outputs are outside the range of the loss.
  case reconstructions(ClosedRange<Double>, loss: String)
  /// The weights have grown since the start.
  case weights(largest: Double, first: Double)
  /// Everything before the gradients is finite.
  case gradient
  /// The loss itself overflows.
  case loss
  /// The same step, computed op by op, is finite.
  case notRepeated

  /// Scaled data have no values above this.
  private static let largeExample = 1e3
  /// Weights that have grown by this factor are far from their initial distribution.
  private static let growth = 100.0

  package init(_ outcome: StepReplay.Outcome, _ recipe: Recipe) {
    let sizes = outcome.sizes
    guard let first = outcome.first else {
      self = .notRepeated
      return
    }
    if sizes.examples >= Self.largeExample {
      self = .examples(largest: sizes.examples, row: sizes.rowOfLargest)
    } else if let range = sizes.reconstructions,
      recipe.model.loss.reconstruction == .binaryCrossEntropy,
      range.lowerBound < 0 || range.upperBound > 1
    {
      self = .reconstructions(range, loss: recipe.model.loss.reconstruction.rawValue)
    } else if sizes.weights >= Self.growth * max(sizes.firstWeights, 1e-3) {
      self = .weights(largest: sizes.weights, first: sizes.firstWeights)
    } else {
      self = first.isGradient ? .gradient : .loss
    }
  }
}

extension FaultCause: CustomStringConvertible {
  /// The observation, and what to do about it.
  package var description: String {
    switch self {
    case .examples(let largest, let row):
      "the network sees values up to \(Numbers.plain(largest))"
        + (row.map { " (row \($0))" } ?? "") + ": scale the data (normalization "
        + "standard), or look for outliers in these rows"
    case .reconstructions(let range, let loss):
      "the decoder's outputs are from \(Numbers.plain(range.lowerBound)) to "
        + "\(Numbers.plain(range.upperBound)), but \(loss) needs 0 to 1: end the decoder with a sigmoid, or "
        + "use another loss"
    case .weights(let largest, let first):
      "weights have grown from \(Numbers.plain(first)) to \(Numbers.plain(largest)): lower the learning "
        + "rate"
    case .gradient:
      "the losses are finite, but a gradient is not: lower the learning rate, or clip gradients"
    case .loss: "lower the learning rate"
    case .notRepeated:
      "the same step computed op by op is finite: aegpu doctor looks for a wrong kernel"
    }
  }
}

extension StepReplay.Outcome {
  /// `product at encoder.1 [16, 32], rows 3, 17 and 4 others`.
  package var firstText: String? {
    guard let first else { return nil }
    let shown = first.rows.prefix(5).map { Numbers.grouped($0) }
    let more = first.rows.count - shown.count
    let rows =
      shown.joined(separator: ", ")
      + (more > 0 ? " and \(Numbers.counted(more, "other"))" : "")
    return "\(first.place) \(first.shape), \(first.rows.count == 1 ? "row" : "rows") \(rows)"
  }
}
