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
/// A model serves one thread at a time.
public final class Autoencoder {
  /// As it was trained: with the input's shape and every size written out.
  public let recipe: Recipe
  /// What the device is called.
  public let deviceName: String
  /// The epochs that were trained, in order.
  public let history: [Epoch]
  /// The shape of an example.
  public let exampleShape: [Int]
  /// The shape of an example's code.
  public let codeShape: [Int]

  let content: Content
  let backend: any Backend

  /// What a model is made of, wherever it comes from.
  struct Content {
    let recipe: Recipes.Recipe
    let weights: Weights
    let data: DataDescription
    let environment: RunEnvironment
    let reports: [EpochReport]
    /// The epoch that the weights are of.
    let epoch: Int
  }

  init(_ recipe: Recipe, _ content: Content, on backend: any Backend) throws {
    self.recipe = recipe
    self.content = content
    self.backend = backend
    deviceName = backend.device.name
    history = content.reports.map { Epoch($0) }
    exampleShape = content.data.shape
    codeShape = try content.recipe.model.codeShape().dimensions
  }

  /// Trains a recipe.
  ///
  /// - Parameters:
  ///   - recipe: what is trained; where it names no input, that is the data's shape.
  ///   - data: examples of that shape. Its `test` examples validate, unless the recipe says otherwise.
  ///   - device: what computes.
  ///   - epochs: passes over the data; `nil`: the recipe's.
  ///   - seed: draws the first weights, the order of examples and the noise: on one device the same
  ///     seed gives the same bits; `nil`: the recipe's.
  ///   - progress: told how it goes; what it throws ends the training.
  ///   - shouldStop: asked before each step; training ends where it says true, and the model is as it
  ///     is then.
  /// - Returns: the trained model, of the last epoch, or of the best where the recipe stops early.
  /// - Throws: where the data do not fit the recipe, the device is not there or fails, or the loss is no
  ///   longer a number.
  public static func train(
    _ recipe: Recipe, on data: Dataset, device: Device = .automatic, epochs: Int? = nil,
    seed: UInt64? = nil, progress: (TrainingProgress) throws -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws(AutoencoderError) -> Autoencoder {
    try telling {
      var document = try recipe.document
      if let epochs { try document.set("epochs", to: "\(epochs)", option: "epochs: \(epochs)") }
      if let seed { try document.set("seed", to: "\(seed)", option: "seed: \(seed)") }
      let input = try RunInput(document, on: data.content)
      let backend = try Device.chooser.open(device.choice, for: input.recipe)
      let content = try train(input, on: backend, shouldStop, progress)
      return try Autoencoder(Recipe(yaml: input.document!.text()), content, on: backend)
    }
  }

  private static func train(
    _ input: RunInput, on backend: any Backend, _ shouldStop: () -> Bool,
    _ progress: (TrainingProgress) throws -> Void
  ) throws -> Content {
    var recipe = input.recipe
    // Nobody sees them.
    (recipe.pictures.reconstructions, recipe.pictures.samples) = (0, 0)
    let started = Date()
    let trainer = try Trainer(
      recipe, input.data, plans: RunPlans(recipe, input.data), on: backend)
    var reports: [EpochReport] = []
    var result: TrainingEvent.Result?
    _ = try trainer.run(shouldStop: shouldStop) { event in
      switch event {
      case .progress(let done):
        try progress(
          .steps(
            TrainingProgress.Steps(
              epoch: done.epoch, fraction: done.fraction, loss: done.loss,
              examplesPerSecond: done.examplesPerSecond, secondsLeft: done.secondsLeft)))
      case .epoch(let report):
        reports.append(report)
        try progress(.epoch(Epoch(report)))
      case .finished(let last): result = last
      case .checkpoint, .pictures, .step: break
      }
    }
    var environment = RunEnvironment(
      version: Release.version, commandLine: CommandLine.arguments, started: started,
      seed: recipe.seed, device: backend.device, data: input.data, initialWeights: nil,
      products: trainer.productChoices)
    let data = DataDescription(input.data, trainer.session.scaling, recipe.dataOptions)
    environment.model = data
    environment.tuning = RunEnvironment.Tuning(backend)
    return Content(
      recipe: recipe, weights: try result?.weights ?? trainer.session.weights(), data: data,
      environment: environment, reports: reports, epoch: result?.epoch ?? reports.count)
  }

  /// Opens a model that was saved, or a run of `aegpu train`.
  ///
  /// - Parameters:
  ///   - path: a run's folder, or a weights or checkpoint file in one.
  ///   - device: what computes.
  /// - Throws: where there is no model, or the device is not there.
  public convenience init(
    contentsOf path: String, device: Device = .automatic
  ) throws(AutoencoderError) {
    let (recipe, content, backend) = try telling {
      let saved = try SavedRun(named: path)
      guard let data = saved.description else {
        throw AutoencoderError(
          "\(path): expected a run that says what its data were, received one of an older version; "
            + "train it again")
      }
      let folder = RunFolder(saved.folder)
      let content = Content(
        recipe: saved.recipe, weights: saved.weights, data: data,
        environment: try RunEnvironment(of: folder), reports: folder.reports(),
        epoch: saved.epochOfWeights.flatMap { Int($0) } ?? 0)
      let recipe = try Recipe(yaml: RecipeDocument(named: folder.recipe).text())
      return (recipe, content, try Device.chooser.open(device.choice, for: saved.recipe))
    }
    do {
      try self.init(recipe, content, on: backend)
    } catch {
      throw AutoencoderError("\(error)")
    }
  }

  /// Writes the model as a run's folder, which `aegpu` and `init(contentsOf:)` open: the weights
  /// (safetensors), the recipe, the losses by epoch, and where and on what it was trained.
  ///
  /// - Throws: where there is something of that name, or it cannot be written; then nothing is left.
  public func save(to path: String) throws(AutoencoderError) {
    try telling {
      let folder = try RunFolder(checking: path, overwrite: false)
      let owner = try RunOwner.create(
        folder, recipe: recipe.yaml, environment: content.environment.text())
      let recorder = try RunRecorder(
        owner, recipe: recipe.yaml, environment: content.environment, keep: 0)
      for report in content.reports { try recorder.record(.epoch(report)) }
      try recorder.record(
        .finished(
          TrainingEvent.Result(
            weights: content.weights, epoch: content.epoch, epochs: content.reports.count,
            stoppedEarly: false)))
      try recorder.end(.finished)
    }
  }
}
