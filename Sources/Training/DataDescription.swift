import Datasets

/// What a model must know of the data that it was trained on to be used on others: it stands in the
/// run's `environment.json` and in the metadata of every weights file, under `data`.
///
/// Feature `f` of value `x` becomes `(byteScale · x − shift[f]) · factor[f]`, `byteScale` for bytes
/// alone.
package struct DataDescription: Codable, Hashable, Sendable {
  /// The shape of one example as it was read.
  package var shape: [Int]
  /// Whether examples are bytes, such as pixels of 0 to 255; else they are other numbers.
  package var areBytes: Bool
  /// What each feature is called, in order, where that is known.
  package var columns: [String]?
  /// What each label means, where that is known.
  package var classes: [String]?
  package var byteScale: Double
  /// The mean of each feature; empty where nothing is subtracted.
  package var shift: [Double]
  /// What each feature is multiplied by; empty where that is 1 for all.
  package var factor: [Double]
  /// What takes the place of a missing value of each feature first; where it is given.
  package var fill: [Double]?
  /// Whether examples were scaled as they were read, in `Double`; else the model does so.
  package var isScaledAsRead: Bool?
  /// Where examples are windows of a series: rows of each, and rows from one to the next.
  package var window: Int?
  package var stride: Int?

  package var scaling: FeatureScaling {
    FeatureScaling(byteScale: byteScale, shift: shift, factor: factor, fill: fill ?? [])
  }

  /// - Parameter options: how the data were read.
  package init(_ data: TrainingData, _ scaling: FeatureScaling, _ options: DataOptions) {
    shape = data.training.shape
    if case .bytes = data.training.elements { areBytes = true } else { areBytes = false }
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
