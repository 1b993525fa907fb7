import Datasets
import Devices
import Foundation
import Layers
import Plans
import Ranks
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

  /// A hash of the recipe and the data, by which ranks compare what they train.
  package var digest: UInt64 {
    let texts = [text] + environment.data.flatMap(\.files).map(\.sha256)
    return texts.joined(separator: "\n").utf8.reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
  }

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
  ///   - memory: how much memory the run may have.
  /// - drawsPictures: whether pictures are drawn during training.
  /// - ranks: the ranks that train together.
  init(
    _ input: RunInput, directory: String? = nil, memory: MemoryLimit = .free,
    from source: Source? = nil, drawsPictures: Bool = true, on device: DeviceChoice,
    _ chooser: DeviceChooser, with ranks: RankGroup? = nil, started: Date = Date()
  ) throws {
    var recipe = input.recipe
    if !drawsPictures { (recipe.pictures.reconstructions, recipe.pictures.samples) = (0, 0) }
    data = input.data
    text = try input.document!.text()
    backend = try chooser.open(device, for: recipe)
    let plans = try RunPlans(recipe, data, of: ranks?.place)
    try chooser.check(recipe, plans, data, of: ranks?.place, on: backend)
    let weights = try source.map { try InitialWeights($0.name, parts: $0.parts) }
    let initial = try weights?.weights(for: plans, of: recipe.model, seed: recipe.seed)
    start = initial.map { .weights($0.weights) } ?? .seed
    trainer = try Trainer(
      recipe, data, plans: plans, on: backend, with: ranks, from: start, memory: memory)
    environment = RunEnvironment(
      version: Release.version, commandLine: CommandLine.arguments, started: started,
      seed: recipe.seed, device: backend.device, data: data, initialWeights: weights?.file,
      products: trainer.productChoices)
    environment.initialParts = weights?.parts
    environment.dataDirectory = directory.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    environment.readsExamplesFromFiles = data.training.stored == nil ? nil : true
    environment.model = DataDescription(data, trainer.session.scaling, recipe.dataOptions)
    environment.tuning = RunEnvironment.Tuning(backend)
    environment.ranks = ranks?.place.count
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
