import Datasets

/// The facts about its training data that a model needs to be used on other data. They are in the
/// run's `environment.json` and in the metadata of every weights file, under `data`.
///
/// Feature `f` with value `x` becomes `(byteScale · x − shift[f]) · factor[f]`, with `byteScale`
/// only for bytes.
package struct DataDescription: Codable, Hashable, Sendable {
  /// The shape of one example as it was read.
  package var shape: [Int]
  /// Whether examples are bytes, such as pixels from 0 to 255, and not other numbers.
  package var areBytes: Bool
  /// The name of each feature, in order, if known.
  package var columns: [String]?
  /// The name of each class, if known.
  package var classes: [String]?
  package var byteScale: Double
  /// The mean of each feature; empty if nothing is subtracted.
  package var shift: [Double]
  /// The factor of each feature; empty if it is 1 for all.
  package var factor: [Double]
  /// The replacement for a missing value of each feature, if there is one.
  package var fill: [Double]?
  /// Whether examples were scaled when they were read, in `Double`; if not, the model scales them.
  package var isScaledAsRead: Bool?
  /// For windows of a series: the rows per window, and the rows from one window to the next.
  package var window: Int?
  package var stride: Int?

  package var scaling: FeatureScaling {
    FeatureScaling(byteScale: byteScale, shift: shift, factor: factor, fill: fill ?? [])
  }

  /// - Parameter options: how the data were read.
  package init(_ data: TrainingData, _ scaling: FeatureScaling, _ options: DataOptions) {
    shape = data.training.shape
    areBytes = data.training.areBytes
    columns = data.sources.first?.featureNames
    classes = data.sources.first?.labelNames
    let scaling = data.scaling ?? scaling
    byteScale = scaling.byteScale
    shift = scaling.shift
    factor = scaling.factor
    if !scaling.fill.isEmpty { fill = scaling.fill }
    if data.isScaled { isScaledAsRead = true }
    window = options.window
    stride = options.window.map { _ in options.stride }
  }
}
