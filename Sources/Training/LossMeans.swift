import Layers

/// A loss and its parts, as they are reported.
package struct LossReport: Hashable, Sendable {
  package struct Part: Hashable, Sendable {
    package let name: String
    package let value: Double
  }

  /// `Σ weight · part`
  package let loss: Double
  package let parts: [Part]
}

/// The example-weighted mean of the steps' losses, added up in `Double`.
package struct LossMeans: Sendable {
  private let parts: [LossPart]
  private var sums: [Double]
  private(set) package var exampleCount = 0
  /// Whether steps log the batch's sum, which is then reported per example.
  private let areSums: Bool

  package init(_ model: Model, _ parts: [LossPart]) {
    self.parts = parts
    sums = [Double](repeating: 0, count: parts.count)
    areSums = model.loss.reduction == .sum
  }

  /// Adds rows of the log, one a step.
  /// - Parameter sizes: the examples of each step.
  package mutating func add(_ rows: [Double], sizes: [Int]) {
    precondition(rows.count == sizes.count * parts.count, "a row of \(parts.count) losses a step")
    for (row, size) in sizes.enumerated() {
      for column in parts.indices {
        sums[column] += rows[row * parts.count + column] * (areSums ? 1 : Double(size))
      }
      exampleCount += size
    }
  }

  package var report: LossReport {
    let means = sums.map { $0 / Double(exampleCount) }
    return LossReport(
      loss: zip(parts, means).map { $0.weight * $1 }.reduce(0, +),
      parts: zip(parts, means).map { LossReport.Part(name: $0.name, value: $1) })
  }
}
