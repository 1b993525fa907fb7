import struct Datasets.DataOptions
import Graphs
import Layers

/// A training run as a file describes it: model, data, optimization and output.
package struct Recipe: Hashable, Sendable {
  package var name: String
  /// A data set's name or a path; `nil` if it is given with the run.
  package var data: String?
  package var dataOptions: DataOptions
  package var preparation: Preparation
  package var model: Model
  package var optimizer: Optimizer
  package var learningRate: Double
  package var schedule: LearningRateSchedule
  package var clipping: GradientClipping
  package var batchSize: Int
  package var epochs: Int
  package var seed: UInt64
  package var shuffle: Bool
  /// The number of training examples to use, from the first; `nil` for all.
  package var limit: Int?
  package var validation: Validation
  package var earlyStopping: EarlyStopping?
  package var pictures: Pictures
  package var checkpoints: Checkpoints

  /// How examples are normalized: the field `normalization`.
  package enum Preparation: String, Hashable, Sendable, CaseIterable {
    /// Unchanged.
    case none
    /// Bytes divided by 255, so that they are in [0, 1]; other numbers unchanged.
    case unit
    /// As `unit`, minus the mean of the training examples, per feature.
    case mean
    /// As `unit`, scaled to mean 0 and variance 1 over the training examples, per feature.
    case standard

    /// The factor for bytes.
    package var byteScale: Double { self == .none ? 1 : 1.0 / 255 }

    package var normalization: Normalization {
      switch self {
      case .none, .unit: .none
      case .mean: .mean
      case .standard: .standard
      }
    }
  }

  /// The optimizer of each phase of a step.
  package var updatings: [Updating] {
    guard model.phases.isEmpty else { return model.phases.map(\.updating) }
    return [Updating(optimizer, learningRate: learningRate, clipping: clipping)]
  }

  /// The learning rate of the `step`-th update of the first phase, counted from 1.
  package func learningRate(step: Int, stepsPerEpoch: Int) -> Double {
    learningRate * schedule.factor(step: step, stepsPerEpoch: stepsPerEpoch)
  }

  /// The data for validation after each epoch.
  package enum Validation: Hashable, Sendable {
    /// The data set's test examples, if it has some.
    case test
    /// A random fraction of the training examples, drawn by the seed and stratified by class if
    /// there are labels. They are not trained on.
    case fraction(Double)
    /// The last fraction of the training examples. They are not trained on.
    case last(Double)
    /// Another data set: its name or path.
    case data(String)
    case none
  }

  /// Training stops when the validation loss no longer improves; the weights of the best epoch are
  /// kept.
  package struct EarlyStopping: Hashable, Sendable {
    /// The run ends after this many epochs in a row without improvement.
    package var patience: Int
    /// An epoch is an improvement if its loss is lower by more than this.
    package var minimumDelta: Double
  }

  /// What is drawn, and after which epochs; pictures of the last epoch are always drawn.
  package struct Pictures: Hashable, Sendable {
    /// Epochs between pictures; `nil`: after epochs 1, 2, 5, 10, 20, 50, 100 and so on.
    package var every: Int?
    package var reconstructions: Int
    package var samples: Int
    package var style: Style
    /// The corruption of the images that are reconstructed for a picture, if it differs from that
    /// of training.
    package var corruption: Corruption?

    /// The largest number of images in a picture.
    package static let mostImages = 10_000

    /// Whether pictures are drawn after an epoch, counted from 1, that is not the last.
    package func shows(_ epoch: Int) -> Bool {
      if let every { return epoch % every == 0 }
      var digit = epoch
      while digit >= 10, digit % 10 == 0 { digit /= 10 }
      return [1, 2, 5].contains(digit)
    }

    /// The layout of reconstructions, and the codes that are drawn next to the model's.
    package enum Style: String, Hashable, Sendable, CaseIterable {
      /// Each reconstruction right of its original.
      case pairs
      /// The same, dark on light, five pairs to a row.
      case darkPairs
      /// A row of originals above a row of reconstructions.
      case rows
      /// The same in colours from blue to red.
      case jetRows
      /// Rows of corrupted images, of their reconstructions, and of originals.
      case noisy
      /// As `pairs`, and the picture of the codes is the main one.
      case codes
      /// As `codes`, next to the codes of PCA.
      case codesBesidePCA
      /// As `codes`, on top of draws from the prior.
      case codesOverPrior
    }
  }

  /// Epochs between checkpoints, and how many of the newest are kept.
  package struct Checkpoints: Hashable, Sendable {
    package var every: Int
    /// Training steps between further checkpoints; `nil`: checkpoints only after epochs.
    package var steps: Int?
    package var keep: Int
  }
}

extension Recipe {
  /// The model for pictures, with their corruption.
  package var picturedModel: Model {
    var model = model
    model.corruption = pictures.corruption ?? model.corruption
    return model
  }
}
