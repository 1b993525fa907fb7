import Analyses
import Layers
import Reports
import Training

/// New examples that the model decoded.
package struct Samples: Hashable, Sendable {
  package var kind: Reconstructions.Kind
  package var names: [String]
  /// `[count, features]`, on the scale of the data.
  package var values: [Float]
  package var count: Int
  /// The distribution of their codes, in words.
  package var source: String
}

extension Asked {
  /// `nil` for a model with a codebook, because it has no prior over combinations of codebook
  /// indices.
  func samples() throws -> Samples? {
    let own = recipe.model
    guard own.codebook == nil else { return nil }
    let units = try own.codeShape().count
    let count = grid == nil ? 6 : 40
    let codes: [Float]
    var source: String
    if own.followsPrior {
      codes = own.priorCodes(count: count, units: units, seed: recipe.seed, temperature: 1)
      source = own.prior.map { "the prior \($0.rawValue)" } ?? "the prior N(0, I)"
    } else {
      let prior = try fittedPrior(units: units)
      codes = prior.sample(count: count, seed: recipe.seed, temperature: 1)
      source =
        "a mixture of \(Self.componentCount) Gaussians fitted to the codes of "
        + Numbers.counted(prior.codeCount, "training example")
    }
    if own.classes != nil { source += ", each class in turn" }
    var values: [Float] = []
    try model.decode(codes, label: own.classes.map { classes in { $0 % classes } }) { values += $0 }
    return Samples(
      kind: kind, names: names, values: restored(values), count: count, source: source)
  }

  private static let componentCount = 10
  /// The number of codes that a mixture is fitted to.
  private static let mostCodes = 4000

  /// The number of codes from which their distribution or principal components are computed.
  static func codeCount(_ units: Int) -> Int { principalCount(features: units, within: 1e9) }

  private func fittedPrior(units: Int) throws -> CodePrior {
    let total = try training.get().count
    let kept = min(total, Self.mostCodes, Self.codeCount(units))
    var next = 0
    var codes: [Float] = []
    try model.encode(.training, outputs: ["code"]) { rows, batch in
      while next < kept, rows.contains(next * total / kept) {
        let start = (next * total / kept - rows.lowerBound) * units
        codes += batch["code"]![start..<start + units]
        next += 1
      }
    }
    return try CodePrior(
      fittedTo: codes, units: units, components: Self.componentCount, seed: recipe.seed)
  }
}
