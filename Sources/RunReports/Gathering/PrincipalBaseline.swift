import Analyses
import Datasets
import Reports
import Training

/// PCA of the training examples, applied to the shown examples: a linear code of the same size, in
/// closed form.
package struct PrincipalBaseline: Hashable, Sendable {
  package var components: Int
  /// The number of training examples that PCA is computed from, evenly spaced.
  package var examples: Int
  /// On the scale of the model's own squared error.
  package var mse: Double
  /// The fraction of the training examples' variance along the components.
  package var explained: Double
  /// The coordinates of the code map's examples along the first two components, `[N, 2]`.
  package var points: [Float]
  /// The fraction of the variance along each of the two.
  package var pointShares: [Double]
}

extension Asked {
  /// `nil` if the comparison would not be fair or possible: for a model with corrupted input, or
  /// too few examples.
  /// - Parameter rows: the examples of the code map.
  func baseline(rows: [Int]) throws -> PrincipalBaseline? {
    guard recipe.model.corruption == nil, shown.examples.featureCount > 1 else { return nil }
    let training = try training.get()
    let own = training.thinnedEvenly(to: Self.principalCount(features: training.featureCount))
    guard let components = try model.principalCount(own) else { return nil }
    let scaling = model.session.scaling.filled(from: own, for: shown.examples)
    let pca = try PCA(
      scaling.apply(to: own), featureCount: own.featureCount, components: components)
    // In blocks, as the windows of a long series would not fit into memory.
    var (sum, count) = (0.0, 0)
    for start in stride(from: 0, to: self.count, by: 1000) {
      let block = shown.examples[start..<min(start + 1000, self.count)]
      let errors = pca.errors(of: scaling.apply(to: block), factor: scaling.factor)
      sum += errors.reduce(0, +)
      count += errors.count
    }
    let points = rows.flatMap { row in
      pca.coordinates(scaling.apply(to: shown.examples[row..<row + 1]), axes: 2)
    }
    return PrincipalBaseline(
      components: pca.componentCount, examples: own.count, mse: sum / Double(count),
      explained: pca.explainedShare.reduce(0, +), points: points,
      pointShares: (pca.explainedShare + [0, 0]).prefix(2).map { $0 })
  }

  /// The number of examples whose principal components take at most `most` operations,
  /// `N · F · min(N, F)`; 100 to 10,000.
  static func principalCount(features: Int, within most: Double = 4e9) -> Int {
    let square = Double(features) * Double(features)
    let count =
      square * Double(features) < most ? most / square : (most / Double(features)).squareRoot()
    return min(max(Int(count), 100), 10_000)
  }
}

extension Examples {
  /// At most this number of examples, evenly spaced.
  func thinnedEvenly(to most: Int) -> Examples {
    guard count > most else { return self }
    return windows == nil ? rows((0..<most).map { $0 * count / most }) : thinned(to: most)
  }
}
