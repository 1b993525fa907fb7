import Analyses
import Layers
import Reports
import Training

/// Decoded codes in which one unit changes and the others have their means.
package struct Traversals: Hashable, Sendable {
  package struct Unit: Hashable, Sendable {
    package var unit: Int
    /// In nats.
    package var divergence: Double
    /// From the smallest to the largest value, `[steps, features]`.
    package var images: [Float]
  }

  package var grid: ImageGrid
  /// The units with the largest KL divergence, in descending order.
  package var units: [Unit]
  /// The number of units of a code.
  package var total: Int
  /// The distance from a unit's mean in each direction, in standard deviations of its codes.
  package var reach: Double
  /// The class for the decoder, if it reads one.
  package var condition: String?
}

extension Asked {
  private static let mostUnits = 12
  private static let steps = 9
  private static let reach = 3.0

  /// `nil` for models that are not variational, and for examples that are not images.
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
