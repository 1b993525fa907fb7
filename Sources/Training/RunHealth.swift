import Reports

/// Possible problems of a model whose training was finite, found at the end of the run with the
/// validation examples.
package struct RunHealth: Hashable, Sendable {
  /// A number of items out of a total.
  package struct Count: Hashable, Sendable {
    package let count: Int
    package let total: Int

    package init(count: Int, total: Int) { (self.count, self.total) = (count, total) }

    var isSome: Bool { count > 0 }
    /// `3 of 1,568`
    var text: String { "\(Numbers.grouped(count)) of \(Numbers.grouped(total))" }
  }

  /// The mean squared error if the mean of the examples is the reconstruction of each example.
  package let errorOfMean: Double
  package let meanSquaredError: Double
  /// Code units without information: for a variational model, units whose KL divergence from the
  /// prior is below 0.01 nats; for other models, units with the same value for all examples.
  package let idleCodeUnits: Count
  package let isVariational: Bool
  /// Units of relu layers, or channels of convolutions, that are 0 for each of some examples; `nil`
  /// without such layers.
  package let deadUnits: Count?
  /// The number of examples that dead units are determined from.
  package let deadAmong: Int

  /// Units with a smaller divergence, in nats, have no information.
  static let leastDivergence = 0.01

  /// Whether a constant reconstruction would be as good.
  package var isNoBetterThanMean: Bool {
    errorOfMean > 0 && meanSquaredError >= 0.99 * errorOfMean
  }

  /// What the user should change; `nil` if no problem was found.
  package var warning: String? {
    isNoBetterThanMean
      ? "reconstructions are no better than the mean of the examples; train longer, or change the "
        + "learning rate" : nil
  }

  /// Units without effect, which a good model can have, too; `nil` if there are none.
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
  /// - divergences: the KL divergence of each unit of a variational code from the prior, mean over
  ///   the examples in nats.
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
