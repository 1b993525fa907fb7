import Glibc
import Reports

/// The numbers that are reported with a run's pictures, over its validation examples, at most
/// `Gallery.largestCount`.
package struct RunQuality: Hashable, Sendable {
  /// The result of PCA with as many components as a code has numbers.
  package struct Principal: Hashable, Sendable {
    package let components: Int
    /// The number of training examples that it is computed from.
    package let examples: Int
    package let meanSquaredError: Double
  }

  package let epoch: Int
  package let examples: Int
  /// Whether these are training examples, because there is no validation.
  package let isOfTraining: Bool
  /// Over all values of the reconstructions, on the scale of the data: `normalization` is undone,
  /// only bytes stay divided by 255.
  package let meanSquaredError: Double
  /// The range of pixel values; `nil` if the examples are not images.
  package let range: ClosedRange<Double>?
  /// The fraction of codes whose nearest neighbour has the same label; `nil` without labels.
  package let sharedNeighbours: Double?
  /// The number of codes that this is computed on.
  package let neighbourExamples: Int?
  /// Possible problems of the model.
  package internal(set) var health: RunHealth?
  /// The results of PCA, to compare with.
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

  /// In decibels, `10 log₁₀(width² / MSE)` with the width of `range`; `nil` if the examples are not
  /// images.
  package var peakSignalToNoise: Double? {
    range.map { range in
      let width = range.upperBound - range.lowerBound
      return 10 * log10(width * width / meanSquaredError)
    }
  }

  /// The contents of `quality.json`; numbers that are not finite are left out.
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
