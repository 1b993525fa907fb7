import Reports

/// What may be wrong with a model whose training went well: counted at its end, over the examples that
/// judge it.
package struct RunHealth: Hashable, Sendable {
  /// Some of so many.
  package struct Count: Hashable, Sendable {
    package let count: Int
    package let total: Int

    package init(count: Int, total: Int) { (self.count, self.total) = (count, total) }

    var isSome: Bool { count > 0 }
    /// `3 of 1,568`
    var text: String { "\(Numbers.grouped(count)) of \(Numbers.grouped(total))" }
  }

  /// The mean squared error of the mean of the examples: what a model that knows nothing else has.
  package let errorOfMean: Double
  package let meanSquaredError: Double
  /// Units of the code that tell nothing: of a variational model those whose KL divergence from the prior
  /// is below 0.01 nats, of others those with one value for all examples.
  package let idleCodeUnits: Count
  package let isVariational: Bool
  /// Units of relu layers, channels of convolutions, that are 0 for each of some examples; `nil` without
  /// such layers.
  package let deadUnits: Count?
  /// How many examples they were looked for among.
  package let deadAmong: Int

  /// A unit below it, in nats, tells nothing.
  static let leastDivergence = 0.01

  /// Whether a constant would do as well.
  package var isNoBetterThanMean: Bool {
    errorOfMean > 0 && meanSquaredError >= 0.99 * errorOfMean
  }

  /// What a person should mend; `nil` where nothing is known to be wrong.
  package var warning: String? {
    isNoBetterThanMean
      ? "reconstructions are no better than the mean of the examples; train longer, or change the "
        + "learning rate" : nil
  }

  /// Units that do nothing, which a healthy model may have, too; `nil` where all do something.
  package var idleUnits: String? {
    var found: [String] = []
    if idleCodeUnits.isSome {
      found.append(
        "\(idleCodeUnits.text) units of the code ("
          + (isVariational ? "KL below \(Self.leastDivergence) nats" : "one value for all examples")
          + ")")
    }
    if let deadUnits, deadUnits.isSome {
      found.append("\(deadUnits.text) relu units (0 for each of \(deadAmong) examples)")
    }
    return found.isEmpty ? nil : found.joined(separator: ", ")
  }
}

extension RunHealth {
  /// - Parameters:
  ///   - codes: `[N, size]`.
  ///   - divergences: of each unit of a variational code from the prior, a mean over the examples in nats.
  package init(
    meanSquaredError: Double, errorOfMean: Double, codes: [Float], size: Int,
    divergences: [Double]?, deadUnits: Count?, deadAmong: Int
  ) {
    self.meanSquaredError = meanSquaredError
    self.errorOfMean = errorOfMean
    self.deadUnits = deadUnits
    self.deadAmong = deadAmong
    isVariational = divergences != nil
    let idle =
      divergences.map { $0.count { $0 < Self.leastDivergence } }
      ?? (0..<size).count { unit in
        stride(from: unit, to: codes.count, by: size).allSatisfy { codes[$0] == codes[unit] }
      }
    idleCodeUnits = Count(count: idle, total: size)
  }
}
