import Analyses
import Layers
import Reports
import Training

/// What the decoder makes of codes in which one unit changes and the others stay at their means.
package struct Traversals: Hashable, Sendable {
  package struct Unit: Hashable, Sendable {
    package var unit: Int
    /// In nats.
    package var divergence: Double
    /// From the least to the largest code, `[steps, features]`.
    package var images: [Float]
  }

  package var grid: ImageGrid
  /// Those that carry most, the first of them most.
  package var units: [Unit]
  /// How many a code has.
  package var total: Int
  /// How many deviations of a unit's codes it goes from its mean, each way.
  package var reach: Double
  /// The class that the decoder is given, where it reads one.
  package var condition: String?
}

extension Asked {
  private static let mostUnits = 12
  private static let steps = 9
  private static let reach = 3.0

  /// `nil` of models that are not variational, and of examples that are no images.
  func traversals(_ codes: CollectedCodes, divergences: [Double]?) throws -> Traversals? {
    guard case .variational(let units, _, _, _) = recipe.model.latent, let grid, let divergences
    else { return nil }
    let order = divergences.indices.sorted { divergences[$0] > divergences[$1] }
      .prefix(Self.mostUnits)
    let statistics = codes.statistics
    let all = CodePaths.traversals(
      of: statistics.means.map { Float($0) }, in: statistics, steps: Self.steps, reach: Self.reach)
    let length = Self.steps * units
    let path = order.flatMap { all[$0 * length..<($0 + 1) * length] }
    var values: [Float] = []
    try model.decode(path, label: recipe.model.classes.map { _ in { _ in 0 } }) { values += $0 }
    let images = restored(values)
    let size = Self.steps * shown.examples.featureCount
    return Traversals(
      grid: grid,
      units: order.enumerated().map { place, unit in
        Traversals.Unit(
          unit: unit, divergence: divergences[unit],
          images: Array(images[place * size..<(place + 1) * size]))
      }, total: units, reach: Self.reach,
      condition: recipe.model.classes.map { _ in shown.labelNames?.first ?? "0" })
  }
}
