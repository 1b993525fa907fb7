import Datasets
import Graphs
import Reports
import Training

extension TrainedModel {
  /// The errors of a feed's windows, on the scale of the network's input.
  /// - Parameter examples: the examples of the feed.
  package func seriesErrors(
    of feed: Feed, _ examples: Examples, _ measure: ErrorMeasure
  ) throws -> SeriesErrors {
    var errors = SeriesErrors(examples, measure)
    try reconstruct(feed, outputs: ["original", "reconstruction", "presence"]) { _, batch in
      errors.add(batch.knownOriginals, batch["reconstruction"]!)
    }
    return errors
  }

  /// The same for PCA of the training windows, with the number of components of `principalScores`.
  /// If there are many windows, `mostWindows` evenly spaced ones are used.
  package func principalSeriesErrors(
    training: Examples, shown: Examples, _ measure: ErrorMeasure
  ) throws -> (errors: SeriesErrors, components: Int)? {
    guard let components = try principalCount(training) else { return nil }
    let filled = session.scaling.filled(from: training, for: shown)
    let pca = try PCA(
      filled.apply(to: training.thinned(to: Self.mostWindows)),
      featureCount: training.featureCount, components: components)
    var errors = SeriesErrors(shown, measure)
    for start in stride(from: 0, to: shown.count, by: Self.windowsToABlock) {
      let block = shown[start..<min(start + Self.windowsToABlock, shown.count)]
      errors.add(
        session.scaling.apply(to: block), pca.reconstructions(of: filled.apply(to: block)))
    }
    return (errors, components)
  }

  private static let mostWindows = 10_000
  private static let windowsToABlock = 1000
}
