import Datasets
import Foundation
import Graphs
import Layers
import Plans
import Recipes
import Reports

/// Computes what is drawn and measured of a model during its training: codes and reconstructions of
/// all validation examples, in batches on the device, and the filters of its first layer.
///
/// It runs between two epochs, or after the last one, in the trainer's session.
final class Gallery {
  private let trainer: Trainer
  /// The feed whose examples are shown.
  private let batches: FeedBatches
  private let byteCount: Int
  private let shouldStop: () -> Bool
  /// The examples that are shown.
  let shown: Examples
  /// Whether these are training examples, because there is no validation.
  let showsTraining: Bool
  private let training: Examples
  /// The scaling of examples when they were read, which is undone for display.
  private let readScaling: FeatureScaling?

  /// The largest number of examples that are shown.
  static let largestCount = Examples.shownCount
  /// Nearest neighbours are computed among N codes so that N² times their size stays below this.
  static let neighbourSteps = 4_000_000_000

  init(_ trainer: Trainer, _ data: TrainingData, shouldStop: @escaping () -> Bool) {
    self.shouldStop = shouldStop
    self.trainer = trainer
    training = data.sample
    readScaling = data.scaling
    showsTraining = data.validation == nil
    let plans = trainer.plans
    batches = plans.shown.with(batchSize: ViewPlan.largestBatchSize)
    shown = data.shown.prefix(min(Self.largestCount, batches.exampleCount))
    byteCount = plans.viewByteCount
  }

  private var recipe: Recipe { trainer.recipe }
  private var session: Session { trainer.session }
  private var scaling: FeatureScaling { session.scaling }

  /// Codes of the shown examples.
  struct Codes {
    /// `[N, size]`; for a variational model the means.
    var values: [Float] = []
    var size = 0
    /// The KL divergence of each unit of a variational code from the prior, mean over the examples
    /// in nats: `½ (μ² + eˢ − 1 − s)`.
    var divergences: [Double]?
  }

  func codes() throws -> Codes {
    var found = Codes()
    var sums: [Double] = []
    try look("codes", recipe.model.encodingStep, ["code", "logVariance"]) {
      let means = $0["code"]!
      found.values += means
      guard let logVariances = $0["logVariance"] else { return }
      let size = try recipe.model.codeShape().count
      if sums.isEmpty { sums = [Double](repeating: 0, count: size) }
      for (place, (mean, logVariance)) in zip(means, logVariances).enumerated() {
        let (mean, logVariance) = (Double(mean), Double(logVariance))
        sums[place % size] += (mean * mean + exp(logVariance) - 1 - logVariance) / 2
      }
    }
    found.size = found.values.count / shown.count
    if !sums.isEmpty { found.divergences = sums.map { $0 / Double(shown.count) } }
    return found
  }

  /// Mean squared errors on the scale of the data: of the reconstructions, and of the mean of the
  /// examples in their place.
  func meanSquaredErrors() throws -> (own: Double, ofMean: Double) {
    var (sum, count) = (0.0, 0.0)
    var moments = [FeatureSum](repeating: FeatureSum(), count: shown.featureCount)
    try look(
      "reconstructions", recipe.picturedModel.reconstructionStep,
      ["original", "reconstruction", "presence"]
    ) {
      // An offset cancels in the difference, and could be large.
      let scaling = FeatureScaling(factor: readScaling?.factor ?? [])
      let original = scaling.restored($0["original"]!).map { Float($0) }
      var reconstruction = scaling.restored($0["reconstruction"]!).map { Float($0) }
      // Missing values have no error and do not count.
      let presence = $0["presence"]
      if let presence {
        for index in presence.indices where presence[index] == 0 {
          reconstruction[index] = original[index]
          count -= 1
        }
      }
      for (index, value) in original.enumerated() where presence?[index] != 0 {
        moments[index % moments.count].add(Double(value))
      }
      sum += Quality.meanSquaredError(original, reconstruction) * Double(original.count)
      count += Double(original.count)
    }
    let variation = moments.reduce(0) { $0 + $1.variation }
    return (sum / max(count, 1), variation / max(count, 1))
  }

  /// The number, mean and squared deviations of values, updated one by one. Welford, *Note on a
  /// Method for Calculating Corrected Sums of Squares and Products* (1962).
  private struct FeatureSum {
    private var count = 0.0
    private var mean = 0.0
    private(set) var variation = 0.0

    mutating func add(_ value: Double) {
      count += 1
      let distance = value - mean
      mean += distance / count
      variation += distance * (value - mean)
    }
  }

  /// The number of examples that dead units are determined from.
  private static let deadAmong = 256

  /// Units of relu layers, or channels of convolutions, that are 0 for each of the first examples;
  /// `nil` without such layers.
  func deadUnits() throws -> (units: RunHealth.Count, examples: Int)? {
    let widths = try recipe.model.reluStep(.one)
    let names = widths.outputs.keys.sorted()
    guard !names.isEmpty else { return nil }
    var lives: [String: [Bool]] = [:]
    let count = min(shown.count, Self.deadAmong)
    try look("units", recipe.model.reluStep, names, rows: 0..<count) { batch in
      for (name, values) in batch {
        let width = widths.graph.shape(widths.outputs[name]!).columns
        var own = lives[name] ?? [Bool](repeating: false, count: width)
        for (place, value) in values.enumerated() where value != 0 { own[place % width] = true }
        lives[name] = own
      }
    }
    let all = lives.values.flatMap(\.self)
    return (RunHealth.Count(count: all.count { !$0 }, total: all.count), count)
  }

  /// The range of pixel values on that scale; `nil` if the examples are not images.
  var range: ClosedRange<Double>? {
    guard shown.imageShape != nil else { return nil }
    guard readScaling != nil, case .floats(let values) = training.elements else {
      return training.imageRange(byteScale: recipe.preparation.byteScale)
    }
    return training.with(elements: .floats(restored(values)), labels: nil).imageRange(byteScale: 1)
  }

  private func restored(_ values: [Float]) -> [Float] {
    readScaling.map { $0.restored(values).map { Float($0) } } ?? values
  }

  /// Principal components of the network's inputs for the training examples.
  struct PrincipalComponents {
    /// The number of training examples that they are computed from: at most `largestCount`.
    let examples: Int
    /// The shown examples' coordinates along the first components, `[N, axes]`.
    let points: [Float]
    /// The number of components: the size of a code, or the rank of the training examples.
    let count: Int
    /// The mean squared error of reconstructing the shown examples from all components, on the
    /// scale of `meanSquaredError`.
    let error: Double
  }

  func principalComponents(
    _ size: Int, axes: Int
  ) throws(ReportError) -> PrincipalComponents {
    let features = training.featureCount
    // PCA of 60,000 images of 784 pixels would take longer than their training.
    let examples = training.prefix(Self.largestCount)
    let scaling = scaling.filled(from: examples, for: shown)
    let pca = try PCA(
      scaling.apply(to: examples), featureCount: features, components: min(size, features))
    let rows = scaling.apply(to: shown)
    return PrincipalComponents(
      examples: examples.count, points: pca.coordinates(rows, axes: axes),
      count: pca.componentCount,
      error: pca.reconstructionMSE(rows, factor: (readScaling ?? scaling).factor))
  }

  /// The weights of the first layer, `[H · W · C, units]` for a dense layer that reads an image or
  /// `[K, K, C, units]` for a convolution, and the shape of one filter.
  func filters() throws -> (weights: [Float], shape: [Int])? {
    guard let image = shown.imageShape, let first = session.layout.parameters.entries.first,
      first.name == "encoder.0.weight"
    else { return nil }
    let sizes = first.shape.dimensions
    let shape: [Int]
    switch sizes.count {
    case 2 where sizes[0] == image.reduce(1, *): shape = image
    case 4 where sizes[2] == image[2] && sizes[0] > 1: shape = Array(sizes.prefix(3))
    default: return nil
    }
    let flat = try session.store.read(.parameters)
    return (flat[first.offset..<first.offset + first.shape.count].map(Float.init), shape)
  }

  /// Computes a step for all shown examples, batch by batch.
  /// - Parameters:
  /// - rows: the rows; `nil`: all.
  /// - take: receives the values of each output for a batch, by name.
  private func look(
    _ name: String, _ step: (BatchSource) throws -> StepGraph, _ outputs: [String],
    rows: Range<Int>? = nil, take: ([String: [Float]]) throws -> Void
  ) throws {
    let view = try ViewPlan(
      name, batches, session.layout, byteCount: byteCount, outputs: outputs, step)
    try trainer.evaluation?.show(rows?.count ?? shown.count)
    try session.prepare(view).run(rows ?? 0..<shown.count) {
      if shouldStop() { throw Stopped() }
      try take($1)
    }
  }

  /// The run is to stop, so nothing more is computed.
  struct Stopped: Error, CustomStringConvertible {
    let description = "pictures were left out: the run was interrupted"
  }
}
