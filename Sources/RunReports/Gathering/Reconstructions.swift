import Analyses
import Reports
import Training

/// The examples with the worst and the best reconstructions.
package struct Reconstructions: Hashable, Sendable {
  package struct Example: Hashable, Sendable {
    package var name: String
    /// The mean of its squared errors, on the scale of the evaluation.
    package var error: Double
    /// Values on the scale of the data; NaN where one is missing.
    package var original: [Float]
    package var reconstruction: [Float]
    /// The input of the encoder, if it differs from the original.
    package var corrupted: [Float]?

    package init(
      name: String, error: Double, original: [Float], reconstruction: [Float],
      corrupted: [Float]? = nil
    ) {
      (self.name, self.error, self.original) = (name, error, original)
      (self.reconstruction, self.corrupted) = (reconstruction, corrupted)
    }
  }

  /// The kind of examples, which determines how they are shown.
  package enum Kind: Hashable, Sendable {
    case images(ImageGrid)
    /// Windows of a series of this many columns.
    case windows(columns: [String])
    case rows
  }

  package var kind: Kind
  /// The name of each value.
  package var names: [String]
  package var worst: [Example]
  package var best: [Example]
  /// The mean squared error of each of all examples.
  package var errors: [Double]

  package init(
    kind: Kind, names: [String], worst: [Example], best: [Example], errors: [Double]
  ) {
    (self.kind, self.names, self.worst, self.best) = (kind, names, worst, best)
    self.errors = errors
  }
}

extension Asked {
  /// The number of examples at either end.
  private static let shownCount = 8

  var kind: Reconstructions.Kind {
    if let grid { return .images(grid) }
    return shown.examples.windows == nil ? .rows : .windows(columns: shown.columnNames)
  }

  /// The mean squared error of each example, as in `evaluate`.
  private func errors() throws -> [Double] {
    var errors: [Double] = []
    try model.reconstruct(
      isCorrupted: true, outputs: ["original", "reconstruction", "presence"]
    ) { _, batch in
      errors += ExampleErrors.meanSquared(
        batch.knownOriginals, batch["reconstruction"]!, featureCount: shown.examples.featureCount)
    }
    return errors
  }

  func reconstructions() throws -> Reconstructions? {
    let errors = try errors()
    let order = errors.indices.filter { errors[$0].isFinite }.sorted { errors[$0] < errors[$1] }
    let worst = apart(order.reversed())
    let best = apart(order).filter { !worst.contains($0) }
    let found = try examples(ofRows: worst + best, errors: errors)
    return Reconstructions(
      kind: kind, names: names, worst: worst.map { found[$0]! }, best: best.map { found[$0]! },
      errors: errors)
  }

  /// The first rows of an order, without windows that overlap an earlier one.
  private func apart(_ order: [Int]) -> [Int] {
    guard let windows = shown.examples.windows else { return Array(order.prefix(Self.shownCount)) }
    var chosen: [Int] = []
    for row in order where chosen.count < Self.shownCount / 2 {
      if chosen.allSatisfy({ !windows.rows($0).overlaps(windows.rows(row)) }) { chosen.append(row) }
    }
    return chosen
  }

  /// The reconstructions of some rows.
  private func examples(
    ofRows rows: [Int], errors: [Double]
  ) throws -> [Int: Reconstructions.Example] {
    let wanted = Set(rows)
    let size = shown.examples.featureCount
    var found: [Int: Reconstructions.Example] = [:]
    var outputs = ["original", "reconstruction", "presence"]
    if recipe.model.corruption != nil { outputs.append("corrupted") }
    try model.reconstruct(isCorrupted: true, outputs: outputs) { rows, batch in
      let originals = batch.knownOriginals
      for (place, row) in rows.enumerated() where wanted.contains(row) {
        let own = place * size..<(place + 1) * size
        found[row] = Reconstructions.Example(
          name: name(ofRow: row), error: errors[row], original: restored(Array(originals[own])),
          reconstruction: restored(Array(batch["reconstruction"]![own])),
          corrupted: batch["corrupted"].map { restored(Array($0[own])) })
      }
    }
    return found
  }
}
