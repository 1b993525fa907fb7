import Datasets
import Foundation
import Graphs
import Layers
import Plans
import Recipes
import Reports

/// Looks at a model from outside of its training: codes and reconstructions of all examples that
/// judge it, made on the device in batches, and the filters of its first layer.
///
/// It runs between two epochs, or after the last, on the trainer's own session.
final class Gallery {
  private let recipe: Recipe
  private let session: Session
  /// Whose examples are looked at.
  private let batches: FeedBatches
  private let byteCount: Int
  private let shouldStop: () -> Bool
  /// The examples that are looked at.
  let shown: Examples
  /// Whether those train, too, as nothing is validated.
  let showsTraining: Bool
  private let training: Examples
  /// What examples were scaled by as they were read, to be undone where a person looks at them.
  private let readScaling: FeatureScaling?

  /// At most so many examples are looked at.
  static let largestCount = 10_000
  /// Nearest neighbours are looked for among so many codes that N² times their size stays below.
  static let neighbourSteps = 4_000_000_000

  init(_ trainer: Trainer, _ data: TrainingData, shouldStop: @escaping () -> Bool) {
    self.shouldStop = shouldStop
    recipe = trainer.recipe
    session = trainer.session
    training = data.training
    readScaling = data.scaling
    showsTraining = data.validation == nil
    shown = (data.validation ?? data.training).prefix(Self.largestCount)
    let plans = trainer.plans
    batches = (plans.evaluation ?? plans.training).batches.with(
      batchSize: ViewPlan.largestBatchSize)
    byteCount = plans.viewByteCount
  }

  private var scaling: FeatureScaling { session.scaling }

  /// The codes `[N, size]` of the examples that are shown.
  func codes() throws -> (values: [Float], size: Int) {
    var values: [Float] = []
    try look("codes", recipe.model.encodingStep, ["code"]) { values += $0["code"]! }
    return (values, values.count / shown.count)
  }

  /// The mean squared error of the reconstructions, on the scale on which a person looks at them.
  func meanSquaredError() throws -> Double {
    var (sum, count) = (0.0, 0.0)
    try look(
      "reconstructions", recipe.picturedModel.reconstructionStep,
      ["original", "reconstruction", "presence"]
    ) {
      // What is added to both makes no difference, and could be large.
      let scaling = FeatureScaling(factor: readScaling?.factor ?? [])
      let original = scaling.restored($0["original"]!).map { Float($0) }
      var reconstruction = scaling.restored($0["reconstruction"]!).map { Float($0) }
      // What is missing has no error, and does not count.
      if let presence = $0["presence"] {
        for index in presence.indices where presence[index] == 0 {
          reconstruction[index] = original[index]
          count -= 1
        }
      }
      sum += Quality.meanSquaredError(original, reconstruction) * Double(original.count)
      count += Double(original.count)
    }
    return sum / max(count, 1)
  }

  /// What values of images lie in on that scale; `nil` where examples are no images.
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

  /// Principal components of what the network sees of the training examples.
  struct PrincipalComponents {
    /// Of how many training examples they are: at most the first `largestCount`.
    let examples: Int
    /// The shown examples' coordinates along the first of them, `[N, axes]`.
    let points: [Float]
    /// How many there are: as many as a code has numbers, or the rank of the training examples.
    let count: Int
    /// The mean squared error of reconstructing the shown examples from all of them, on the scale of
    /// `meanSquaredError`.
    let error: Double
  }

  func principalComponents(
    _ size: Int, axes: Int
  ) throws(ReportError) -> PrincipalComponents {
    let features = training.featureCount
    // 60,000 images of 784 pixels would take longer than their training.
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

  /// The weights of the first layer, `[H · W · C, units]` of a dense layer that sees the image or
  /// `[K, K, C, units]` of a convolution of one, and the shape of one filter.
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

  /// Computes a step of all examples that are shown, a batch after the other.
  /// - Parameter take: given each output's values for the batch, by name.
  private func look(
    _ name: String, _ step: (BatchSource) throws -> StepGraph, _ outputs: [String],
    take: ([String: [Float]]) throws -> Void
  ) throws {
    let view = try ViewPlan(
      name, batches, session.layout, byteCount: byteCount, outputs: outputs, step)
    try session.prepare(view).run(0..<shown.count) {
      if shouldStop() { throw Stopped() }
      try take($1)
    }
  }

  /// What was looked at was to stop.
  struct Stopped: Error, CustomStringConvertible {
    let description = "pictures were left out: the run was interrupted"
  }
}
