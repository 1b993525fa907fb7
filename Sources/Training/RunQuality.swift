import Glibc
import Reports

/// The numbers that stand beside a run's pictures, over the examples that judge it, at most the
/// first `Gallery.largestCount`.
package struct RunQuality: Hashable, Sendable {
  /// What as many principal components as a code has numbers come to.
  package struct Principal: Hashable, Sendable {
    package let components: Int
    /// Of so many training examples, the first ones.
    package let examples: Int
    package let meanSquaredError: Double
  }

  package let epoch: Int
  package let examples: Int
  /// Whether those are training examples, as nothing is validated.
  package let isOfTraining: Bool
  /// Over all values of the reconstructions, in the data's own units: `normalization` is undone, only
  /// bytes stay divided by 255.
  package let meanSquaredError: Double
  /// What values of images lie in; `nil` where examples are no images.
  package let range: ClosedRange<Double>?
  /// The share of codes whose nearest neighbour has the same label; `nil` without labels.
  package let sharedNeighbours: Double?
  /// How many codes that is judged among, the first ones.
  package let neighbourExamples: Int?
  /// What may be wrong with the model.
  package internal(set) var health: RunHealth?
  /// Where PCA stands beside the codes.
  package internal(set) var principal: Principal?

  init(
    epoch: Int, examples: Int, isOfTraining: Bool, meanSquaredError: Double,
    range: ClosedRange<Double>?, codes: [Float], size: Int, labels: [Int32]?
  ) {
    self.epoch = epoch
    self.examples = examples
    self.isOfTraining = isOfTraining
    self.meanSquaredError = meanSquaredError
    self.range = range
    guard let labels, size > 0 else {
      (sharedNeighbours, neighbourExamples) = (nil, nil)
      return
    }
    let most = Int((Double(Gallery.neighbourSteps) / Double(size)).squareRoot())
    let count = min(examples, max(most, 2))
    neighbourExamples = count
    sharedNeighbours = Quality.sharedNeighbours(
      Array(codes.prefix(count * size)), size: size, labels: Array(labels.prefix(count)))
  }

  package var split: String { isOfTraining ? "training" : "validation" }

  /// In decibels, `10 log₁₀(width² / MSE)` with the width of `range`; `nil` where examples are no
  /// images.
  package var peakSignalToNoise: Double? {
    range.map { range in
      let width = range.upperBound - range.lowerBound
      return 10 * log10(width * width / meanSquaredError)
    }
  }

  /// The contents of `quality.json`; a number that is not finite is left out.
  var json: String {
    var fields = [
      "\"epoch\": \(epoch)", "\"examples\": \(examples)",
      "\"split\": \"\(split)\"",
      "\"units\": \"the data's own, bytes as normalization takes them\"",
    ]
    if let range { fields.append("\"range\": [\(range.lowerBound), \(range.upperBound)]") }
    for (name, value) in [
      ("meanSquaredError", meanSquaredError), ("peakSignalToNoise", peakSignalToNoise),
      ("sharedNeighbours", sharedNeighbours),
      ("principalComponentsError", principal?.meanSquaredError),
    ] {
      if let value, value.isFinite { fields.append("\"\(name)\": \(value)") }
    }
    if let principal {
      fields.append("\"principalComponents\": \(principal.components)")
      fields.append("\"principalExamples\": \(principal.examples)")
    }
    if let health {
      fields.append("\"errorOfMean\": \(health.errorOfMean)")
      fields.append("\"idleCodeUnits\": \(health.idleCodeUnits.count)")
      if let dead = health.deadUnits { fields.append("\"deadUnits\": \(dead.count)") }
    }
    if let neighbourExamples { fields.append("\"neighbourExamples\": \(neighbourExamples)") }
    return "{\n  " + fields.joined(separator: ",\n  ") + "\n}\n"
  }
}
