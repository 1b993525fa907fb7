import Datasets
import Devices
import Foundation
import Layers
import Plans
import Ranks
import Recipes
import Training

/// A run that is ready to be resumed in its folder, from its newest readable state.
struct ResumedTraining {
  var prepared: PreparedTraining
  /// `nil` on ranks other than the first.
  let owner: RunOwner?
  /// The number of completed epochs.
  let epoch: Int

  /// - Parameters:
  ///   - name: the run folder, or `last`.
  ///   - directory: the folder to search for data sets first; `nil`: the run's.
  ///   - memory: how much memory the run may have.
  ///   - device: `nil`: the run's.
  ///   - ranks: the ranks that train together, however many trained before.
  ///   - change: changes epochs, pictures or checkpoints of the run's recipe.
  /// - Throws: if another field is changed, the data have changed, or a process trains in the
  ///   folder.
  init(
    _ name: String, directory: String?, memory: MemoryLimit = .free, on device: DeviceChoice?,
    _ chooser: DeviceChooser, with ranks: RankGroup? = nil,
    changing change: (RecipeDocument) throws -> RecipeDocument
  ) throws {
    let (folder, file) = try RunFolder.named(name)
    guard folder.isRun, file == nil else { throw TrainingError.nothingNamed(name: name) }
    owner = ranks?.place.isFirst == false ? nil : try RunOwner.takeUp(folder)
    var environment = try RunEnvironment(of: folder)
    let kept = try RecipeDocument(named: folder.recipe)
    let document = try change(kept)
    try Self.expectSameRun(name, document.fields(differingFrom: kept))

    var memory = memory
    memory.staysInFiles = environment.readsExamplesFromFiles ?? false
    let input = try RunInput(
      document, directory: directory ?? environment.dataDirectory, memory: memory)
    let (recipe, data) = (input.recipe, input.data)
    try environment.expect(data)
    // The GPUs of a machine are divided anew.
    let isSpread = chooser.local != nil && environment.device.kind == .gpu
    let choice = try device ?? (isSpread ? nil : chooser.choice(of: environment)) ?? .automatic
    let backend = try chooser.open(choice, for: recipe, as: environment)
    let isSameDevice = backend.device.isSame(as: environment.device)
    var notes: [String] = []
    if !isSameDevice {
      notes.append(
        "the run was on \(environment.device.name) (\(environment.device.driver)) and continues on "
          + "\(backend.device.name) (\(backend.device.driver)): the last digits may differ")
    }
    let plans = try RunPlans(recipe, data, of: ranks?.place)
    try chooser.check(recipe, plans, data, of: ranks?.place, on: backend)
    let state = ResumedState(folder, plans)
    notes += state.notes
    let start = try Self.start(state, environment, plans, recipe)
    let trainer = try Trainer(
      recipe, data, plans: plans, on: backend, with: ranks, from: start, memory: memory)
    if isSameDevice, trainer.productChoices != environment.products {
      notes.append(
        "matrix products are computed in another way than before: the last digits may differ")
    }
    notes.append(
      state.path.map { "resuming from \($0)" } ?? "no checkpoint yet: starting from the beginning")
    environment.state = .running
    environment.device = backend.device
    environment.ranks = ranks?.place.count
    environment.products = trainer.productChoices
    environment.tuning = RunEnvironment.Tuning(backend)
    prepared = PreparedTraining(
      text: try document.text(), data: data, trainer: trainer, backend: backend,
      start: start, environment: environment, notes: notes)
    epoch = state.epoch
  }

  /// The newest state, or the run's initial weights.
  private static func start(
    _ state: ResumedState, _ environment: RunEnvironment, _ plans: RunPlans,
    _ recipe: Recipes.Recipe
  ) throws -> Trainer.Start {
    if let checkpoint = state.checkpoint { return .checkpoint(checkpoint) }
    guard let initial = environment.initialWeights else { return .seed }
    let source = try InitialWeights(initial.path, parts: environment.initialParts ?? [])
    guard source.file.sha256 == initial.sha256 else {
      throw AutoencoderError(
        "\(initial.path): expected the run's initial weights, received others; "
          + "restore them, or start a new run")
    }
    return .weights(try source.weights(for: plans, of: recipe.model, seed: recipe.seed).weights)
  }

  /// - Parameter changed: fields with other values than before.
  private static func expectSameRun(_ name: String, _ changed: [String]) throws {
    let free: Set = ["epochs", "pictures", "checkpoints"]
    let others = changed.filter { !free.contains($0) }
    guard others.isEmpty else { throw AutoencoderError.otherRun(name, others) }
  }
}

extension AutoencoderError {
  /// The error for changes that a resumed run does not allow.
  /// - Parameter changed: the changed fields or flags.
  package static func otherRun(_ name: String, _ changed: [String]) -> AutoencoderError {
    AutoencoderError(
      "\(name): expected no changes except epochs, pictures and checkpoints, "
        + "received another \(changed.joined(separator: ", ")); leave that out, or start a new run")
  }
}
