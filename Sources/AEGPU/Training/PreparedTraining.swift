import Devices
import Foundation
import Layers
import Plans
import Recipes
import Training

/// A training that is ready to start, after all checks.
package struct PreparedTraining {
  /// The recipe's file, with the input's shape written out.
  let text: String
  package let data: TrainingData
  package let trainer: Trainer
  package let backend: any Backend
  /// The state at the start.
  let start: Trainer.Start
  var environment: RunEnvironment
  /// Notes for the user before it starts.
  var notes: [String] = []

  package var recipe: Recipes.Recipe { trainer.recipe }

  /// Initial weights: a run, a checkpoint or a safetensors file.
  package struct Source {
    let name: String
    /// The parts of the network that get weights; empty: all.
    let parts: [NetworkPart]

    package init(_ name: String, parts: [NetworkPart] = []) {
      (self.name, self.parts) = (name, parts)
    }
  }

  /// - Parameters:
  ///   - input: the recipe and its data.
  /// - directory: a folder to search for data sets before the usual ones.
  /// - drawsPictures: whether pictures are drawn during training.
  init(
    _ input: RunInput, directory: String? = nil, from source: Source? = nil,
    drawsPictures: Bool = true, on device: DeviceChoice, _ chooser: DeviceChooser,
    started: Date = Date()
  ) throws {
    var recipe = input.recipe
    if !drawsPictures { (recipe.pictures.reconstructions, recipe.pictures.samples) = (0, 0) }
    data = input.data
    text = try input.document!.text()
    backend = try chooser.open(device, for: recipe)
    let plans = try RunPlans(recipe, data)
    try chooser.check(recipe, plans, on: backend)
    let weights = try source.map { try InitialWeights($0.name, parts: $0.parts) }
    let initial = try weights?.weights(for: plans, of: recipe.model, seed: recipe.seed)
    start = initial.map { .weights($0.weights) } ?? .seed
    trainer = try Trainer(recipe, data, plans: plans, on: backend, from: start)
    environment = RunEnvironment(
      version: Release.version, commandLine: CommandLine.arguments, started: started,
      seed: recipe.seed, device: backend.device, data: data, initialWeights: weights?.file,
      products: trainer.productChoices)
    environment.initialParts = weights?.parts
    environment.dataDirectory = directory.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    environment.model = DataDescription(data, trainer.session.scaling, recipe.dataOptions)
    environment.tuning = RunEnvironment.Tuning(backend)
    notes = [initial?.note].compactMap(\.self)
  }
}

extension PreparedTraining {
  /// Prepares a resumed run.
  init(
    text: String, data: TrainingData, trainer: Trainer, backend: any Backend,
    start: Trainer.Start, environment: RunEnvironment, notes: [String]
  ) {
    (self.text, self.data, self.trainer, self.backend) = (text, data, trainer, backend)
    self.start = start
    (self.environment, self.notes) = (environment, notes)
  }
}
