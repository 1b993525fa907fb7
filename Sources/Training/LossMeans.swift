import Layers

/// A loss and its parts, as they are reported.
package struct LossReport: Hashable, Sendable {
  package struct Part: Hashable, Sendable {
    package let name: String
    package let value: Double
  }

  /// `Σ weight · logged value`
  package let loss: Double
  /// Each as it counts: they add up to the loss.
  package let parts: [Part]
  /// Beside them: `klNats`, the divergence in nats, where `klWeight` is not 1.
  package let unweighted: [Part]
  /// What phases after the first minimise, each under its name.
  package let phases: [Part]

  package init(loss: Double, parts: [Part], unweighted: [Part], phases: [Part] = []) {
    self.loss = loss
    self.parts = parts
    self.unweighted = unweighted
    self.phases = phases
  }
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

  /// Parts of one name, such as the penalties on several weights, are added.
  package var report: LossReport {
    let means = sums.map { $0 / Double(exampleCount) }
    func added(_ columns: some Sequence<(LossPart, Double)>) -> [LossReport.Part] {
      var names: [String] = []
      var values: [String: Double] = [:]
      for (part, mean) in columns {
        if values[part.name] == nil { names.append(part.name) }
        values[part.name, default: 0] += part.weight * mean
      }
      return names.map { LossReport.Part(name: $0, value: values[$0]!) }
    }
    let columns = Array(zip(parts, means))
    let own = columns.filter { $0.0.phase == nil }
    let unweighted = own.compactMap { part, mean in
      part.unweightedName.map { LossReport.Part(name: $0, value: mean) }
    }
    return LossReport(
      loss: own.map { $0.weight * $1 }.reduce(0, +), parts: added(own),
      unweighted: unweighted, phases: added(columns.filter { $0.0.phase != nil }))
  }
}
