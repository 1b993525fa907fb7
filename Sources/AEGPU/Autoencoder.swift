import Analyses
import Datasets
import Devices
import Foundation
import Layers
import Plans
import Recipes
import Training

/// A trained autoencoder on a device.
///
/// ```swift
/// let digits = try Dataset("digits")
/// let model = try Autoencoder.train(Recipe("vae"), on: digits, device: .automatic)
/// let codes = try model.encode(digits)  // [N, 10]
/// let images = try model.sample(16, seed: 3)  // [16, 28, 28, 1], 0 to 255
/// try model.save(to: "runs/digits")
/// ```
///
/// A model can be used by only one thread at a time.
public final class Autoencoder {
  /// The recipe as it was trained, with the input's shape and all sizes written out.
  public let recipe: Recipe
  /// The name of the device.
  public let deviceName: String
  /// The trained epochs, in order.
  public let history: [Epoch]
  /// The shape of an example.
  public let exampleShape: [Int]
  /// The shape of an example's code.
  public let codeShape: [Int]

  package let content: Content
  package let backend: any Backend
  /// How much memory the run's own data may take.
  private var memory = MemoryLimit.free
  /// The run's data, which are only read if they are needed.
  private lazy var own = Result {
    try RunInput(content.recipe, directory: content.directory, memory: memory)
  }

  /// The run's data.
  /// - Parameter limit: how much memory they may take when they are read, which happens once.
  func own(within limit: MemoryLimit?) throws -> RunInput {
    if let limit { memory = limit }
    return try own.get()
  }

  init(_ content: Content, on backend: any Backend) throws {
    self.content = content
    self.backend = backend
    recipe = try Recipe(yaml: content.recipeText)
    deviceName = backend.device.name
    history = content.reports.map { Epoch($0) }
    exampleShape = content.data.shape
    codeShape = try content.recipe.model.codeShape().dimensions
  }

  /// Trains a recipe.
  ///
  /// - Parameters:
  ///   - recipe: the recipe; if it names no input, the input is the data's shape.
  ///   - data: examples of that shape. Its `test` examples are the validation data, unless the
  ///     recipe says otherwise.
  ///   - device: the device that trains.
  ///   - epochs: passes over the data; `nil`: the recipe's.
  ///   - seed: random seed for initial weights, order of examples and noise: on the same device,
  ///     the same seed gives the same bits; `nil`: the recipe's.
  ///   - progress: receives events; an error that it throws ends the training.
  ///   - shouldStop: checked before each step; if it returns true, training ends, and the model has
  ///     the weights so far.
  /// - Returns: the trained model, of the last epoch, or of the best epoch if the recipe has early
  ///   stopping.
  /// - Throws: if the data do not fit the recipe, the device is missing or fails, or the loss is
  ///   not finite.
  public static func train(
    _ recipe: Recipe, on data: Dataset, device: Device = .automatic, epochs: Int? = nil,
    seed: UInt64? = nil, progress: (TrainingProgress) throws -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws(AutoencoderError) -> Autoencoder {
    try telling {
      var document = try recipe.document
      if let epochs { try document.set("epochs", to: "\(epochs)", option: "epochs: \(epochs)") }
      if let seed { try document.set("seed", to: "\(seed)", option: "seed: \(seed)") }
      let prepared = try PreparedTraining(
        RunInput(document, on: data.content), drawsPictures: false, on: device.choice,
        Device.chooser)
      return try Autoencoder(prepared, progress, shouldStop)
    }
  }

  private convenience init(
    _ prepared: PreparedTraining, _ progress: (TrainingProgress) throws -> Void,
    _ shouldStop: () -> Bool
  ) throws {
    var reports: [EpochReport] = []
    var result: TrainingEvent.Result?
    _ = try prepared.trainer.run(shouldStop: shouldStop) { event in
      if case .epoch(let report) = event { reports.append(report) }
      if case .finished(let last) = event { result = last }
      if let told = TrainingProgress(event) { try progress(told) }
    }
    let weights = try result?.weights ?? prepared.trainer.session.weights()
    try self.init(
      Content(
        prepared, weights: weights, epoch: result?.epoch ?? reports.count, reports: reports),
      on: prepared.backend)
  }

  /// Opens a saved model, or a run of `aegpu train`.
  ///
  /// - Parameters:
  ///   - path: a run folder, or a weights or checkpoint file in one.
  ///   - device: the device that computes.
  /// - Throws: if there is no model, or the device is missing.
  public convenience init(
    contentsOf path: String, device: Device = .automatic
  ) throws(AutoencoderError) {
    let (content, backend) = try telling {
      let content = try Content(named: path, directory: nil)
      return (content, try Device.chooser.open(device.choice, for: content.recipe))
    }
    do {
      try self.init(content, on: backend)
    } catch {
      throw AutoencoderError("\(error)")
    }
  }

  /// Opens a run for the command line.
  /// - Parameter directory: a folder to search for data sets before the usual ones.
  package convenience init(
    named name: String, directory: String?, on device: DeviceChoice, _ chooser: DeviceChooser
  ) throws {
    let content = try Content(named: name, directory: directory)
    try self.init(content, on: chooser.open(device, for: content.recipe))
  }

  /// Writes the model as a run folder, which `aegpu` and `init(contentsOf:)` can open: the weights
  /// (safetensors), the recipe, the losses by epoch, and the environment of the training.
  ///
  /// - Throws: if the path exists, or cannot be written; then nothing is written.
  public func save(to path: String) throws(AutoencoderError) {
    try telling {
      let folder = try RunFolder(checking: path, overwrite: false)
      let environment = try content.environment()
      let owner = try RunOwner.create(
        folder, recipe: recipe.yaml, environment: environment.text())
      let recorder = try RunRecorder(
        owner, recipe: recipe.yaml, environment: environment, keep: 0)
      for report in content.reports { try recorder.record(.epoch(report)) }
      try recorder.record(
        .finished(
          TrainingEvent.Result(
            weights: content.saved.weights, epoch: content.epoch, epochs: content.reports.count,
            stoppedEarly: false)))
      try recorder.end(.finished)
    }
  }
}
