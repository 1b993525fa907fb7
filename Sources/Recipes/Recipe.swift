import struct Datasets.DataOptions
import Graphs
import Layers

/// A whole training run as a file describes it: what is trained, on what, how, and what is shown.
package struct Recipe: Hashable, Sendable {
  package var name: String
  /// A data set's name or a path; `nil` where it is to be named with the run.
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
  /// Only the first so many training examples; `nil` for all.
  package var limit: Int?
  package var validation: Validation
  package var earlyStopping: EarlyStopping?
  package var pictures: Pictures
  package var checkpoints: Checkpoints

  /// How examples become numbers: the field `normalization`.
  package enum Preparation: String, Hashable, Sendable, CaseIterable {
    /// As they are.
    case none
    /// Bytes by 255, so that they lie in [0, 1]; other numbers as they are.
    case unit
    /// As `unit`, less the mean of the training examples, feature by feature.
    case mean
    /// As `unit`, to mean 0 and variance 1 over the training examples, feature by feature.
    case standard

    /// What bytes are multiplied by.
    package var byteScale: Double { self == .none ? 1 : 1.0 / 255 }

    package var normalization: Normalization {
      switch self {
      case .none, .unit: .none
      case .mean: .mean
      case .standard: .standard
      }
    }
  }

  /// How each phase of a step moves what it moves.
  package var updatings: [Updating] {
    guard model.phases.isEmpty else { return model.phases.map(\.updating) }
    return [Updating(optimizer, learningRate: learningRate, clipping: clipping)]
  }

  /// The learning rate of the `step`-th update of the first phase, counted from 1.
  package func learningRate(step: Int, stepsPerEpoch: Int) -> Double {
    learningRate * schedule.factor(step: step, stepsPerEpoch: stepsPerEpoch)
  }

  /// What the model is judged on after each epoch.
  package enum Validation: Hashable, Sendable {
    /// The data set's own test examples, where it has some.
    case test
    /// Training examples drawn at random by the seed, which then do not train; of each class in
    /// proportion where there are labels.
    case fraction(Double)
    /// The last part of the training examples, which then do not train.
    case last(Double)
    /// Another data set: its name or path.
    case data(String)
    case none
  }

  /// Training ends where the validation loss no longer gets better; the best epoch's weights are
  /// kept.
  package struct EarlyStopping: Hashable, Sendable {
    /// So many epochs in a row that are not better end the run.
    package var patience: Int
    /// An epoch is better if its loss is smaller by more than this.
    package var minimumDelta: Double
  }

  /// What is drawn, and after which epochs; the last epoch is always drawn.
  package struct Pictures: Hashable, Sendable {
    /// After so many epochs each time; `nil`: after epochs 1, 2, 5, 10, 20, 50, 100 and so on.
    package var every: Int?
    package var reconstructions: Int
    package var samples: Int
    package var style: Style
    /// What images are corrupted by before they are reconstructed for a picture, if it is not what
    /// the model trains on.
    package var corruption: Corruption?

    /// No picture shows more images.
    package static let mostImages = 10_000

    /// Whether pictures are drawn after an epoch, counted from 1, that is not the last.
    package func shows(_ epoch: Int) -> Bool {
      if let every { return epoch % every == 0 }
      var digit = epoch
      while digit >= 10, digit % 10 == 0 { digit /= 10 }
      return [1, 2, 5].contains(digit)
    }

    /// How reconstructions are laid out, and whose codes stand beside the model's.
    package enum Style: String, Hashable, Sendable, CaseIterable {
      /// Each reconstruction right of its original.
      case pairs
      /// The same, dark on light, five pairs to a row.
      case darkPairs
      /// A row of originals over one of reconstructions.
      case rows
      /// The same in colours from blue to red.
      case jetRows
      /// Rows of corrupted images, of what was made of them, and of originals.
      case noisy
      /// As `pairs`; the codes are what is looked at.
      case codes
      /// As `codes`, with the codes of PCA beside.
      case codesBesidePCA
      /// As `codes`, over draws of the prior.
      case codesOverPrior
    }
  }

  /// After how many epochs the state is kept, and how many of the newest files stay.
  package struct Checkpoints: Hashable, Sendable {
    package var every: Int
    /// Also after every so many steps; `nil`: after epochs only.
    package var steps: Int?
    package var keep: Int
  }
}

extension Recipe {
  /// The model as pictures show it: corrupted by what they ask for.
  package var picturedModel: Model {
    var model = model
    model.corruption = pictures.corruption ?? model.corruption
    return model
  }
}
