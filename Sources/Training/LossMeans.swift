import Graphs
import Layers

/// A loss and its parts, as they are reported.
package struct LossReport: Hashable, Sendable {
  package struct Part: Hashable, Sendable {
    package let name: String
    package let value: Double
  }

  /// `Σ weight · logged value`
  package let loss: Double
  /// The weighted parts; their sum is the loss.
  package let parts: [Part]
  /// Further values: `klNats`, the KL divergence in nats, if `klWeight` is not 1, and measures.
  package let unweighted: [Part]
  /// The losses of the phases after the first, by the phase's name.
  package let phases: [Part]

  package init(loss: Double, parts: [Part], unweighted: [Part], phases: [Part] = []) {
    self.loss = loss
    self.parts = parts
    self.unweighted = unweighted
    self.phases = phases
  }
}

extension LossMeans {
  /// The time of a training step.
  package struct Moment: Hashable, Sendable {
    /// Counted from 1 over the whole run.
    package let step: Int
    package let stepsPerEpoch: Int

    package init(step: Int, stepsPerEpoch: Int) {
      (self.step, self.stepsPerEpoch) = (step, stepsPerEpoch)
    }

    /// The value of a ramp this many steps later.
    fileprivate func value(of ramp: Ramp, after steps: Int) -> Double {
      ramp.value(step: step + steps, stepsPerEpoch: stepsPerEpoch)
    }
  }
}

/// The mean of the steps' losses weighted by their number of examples, summed in `Double`.
package struct LossMeans: Sendable {
  private let parts: [LossPart]
  private var sums: [Double]
  /// The same, with each step's value multiplied by its weight in that step.
  private var weightedSums: [Double]
  private(set) package var exampleCount = 0
  /// Whether steps log the sum over the batch, which is then reported per example.
  private let areSums: Bool

  package init(_ model: Model, _ parts: [LossPart]) {
    self.parts = parts
    sums = [Double](repeating: 0, count: parts.count)
    weightedSums = sums
    areSums = model.loss.reduction == .sum
  }

  /// Adds rows of the log, one per step.
  /// - Parameters:
  ///   - sizes: the number of examples in each step.
  ///   - time: the time of these steps; `nil` to use the final values of ramps.
  package mutating func add(_ rows: [Double], sizes: [Int], at time: Moment? = nil) {
    precondition(
      rows.count == sizes.count * parts.count, "\(parts.count) losses per step are needed")
    for (row, size) in sizes.enumerated() {
      for (column, part) in parts.enumerated() {
        let isSum = areSums && !part.isMeasure
        let value = rows[row * parts.count + column] * (isSum ? 1 : Double(size))
        sums[column] += value
        guard !part.weight.isConstant else { continue }
        let weight = time.map { $0.value(of: part.weight, after: row) } ?? part.weight.to
        weightedSums[column] += weight * value
      }
      exampleCount += size
    }
  }

  /// Parts with the same name, such as the penalties on several weights, are added.
  package var report: LossReport {
    let columns = parts.indices.map { index in
      let (part, mean) = (parts[index], sums[index] / Double(exampleCount))
      let counted =
        part.weight.isConstant
        ? part.weight.to * mean : weightedSums[index] / Double(exampleCount)
      return (part: part, mean: mean, counted: counted)
    }
    func added(_ columns: some Sequence<(part: LossPart, mean: Double, counted: Double)>)
      -> [LossReport.Part]
    {
      var names: [String] = []
      var values: [String: Double] = [:]
      for (part, _, counted) in columns where !part.isMeasure {
        if values[part.name] == nil { names.append(part.name) }
        values[part.name, default: 0] += counted
      }
      return names.map { LossReport.Part(name: $0, value: values[$0]!) }
    }
    let own = columns.filter { $0.part.phase == nil }
    let unweighted = own.compactMap { part, mean, _ in
      part.unweightedName.map { LossReport.Part(name: $0, value: mean) }
    }
    return LossReport(
      loss: own.map(\.counted).reduce(0, +), parts: added(own), unweighted: unweighted,
      phases: added(columns.filter { $0.part.phase != nil }))
  }
}
