import Datasets
import Devices
import Foundation
import Plans
import Recipes
import Training

/// A run that is ready to train: everything that can be refused was.
struct StartedRun {
  let trainer: Trainer
  let data: TrainingData
  let device: DeviceInformation
  let recorder: RunRecorder
  /// Losses of epochs that an earlier process trained.
  var earlier: [EpochReport] = []
  /// What a person should know before it begins.
  var notes: [String] = []
}

extension TrainCommand {
  /// A new run in a folder of its own.
  func begin() throws -> StartedRun {
    let started = Date()
    let document = try withOwnFlags(options.document())
    let path = try output ?? RunFolder.defaultPath(recipe: document.draft().name, now: started)
    // A name of our own choice is followed by a number where it is taken.
    let folder =
      output == nil ? RunFolder(path) : try RunFolder(checking: path, overwrite: overwrite)
    let input = try RunInput(document, directory: dataDir)
    let (recipe, data) = (input.recipe, input.data)
    let text = try input.document!.text()
    let backend = try (device ?? .automatic).open(for: recipe)
    let plans = try RunPlans(recipe, data)
    let source = try initFrom.map { try InitialWeights($0, parts: initParts) }
    let initial = try source?.weights(for: plans, of: recipe.model, seed: recipe.seed)
    let trainer = try Trainer(
      recipe, data, plans: plans, on: backend, from: initial.map { .weights($0.weights) } ?? .seed)
    var environment = RunEnvironment(
      version: Program.version, commandLine: CommandLine.arguments, started: started,
      seed: recipe.seed, device: backend.device, data: data, initialWeights: source?.file,
      products: trainer.productChoices)
    environment.initialParts = source?.parts
    environment.dataDirectory = dataDir.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    environment.model = DataDescription(
      data, trainer.session.scaling, recipe.dataOptions)
    environment.tuning = RunEnvironment.Tuning(backend)

    Interruption.listen()
    let record = try environment.text()
    let owner =
      overwrite
      ? try RunOwner.overwrite(folder, recipe: text, environment: record)
      : try RunOwner.create(folder, recipe: text, environment: record, isNumbered: output == nil)
    let recorder = try RunRecorder(
      owner, recipe: text, environment: environment, keep: recipe.checkpoints.keep)
    return StartedRun(
      trainer: trainer, data: data, device: backend.device, recorder: recorder,
      notes: [initial?.note].compactMap(\.self))
  }

  /// A run that goes on in its folder, from its newest state that can be read.
  func goOn(with argument: String) throws -> StartedRun {
    let (folder, file) = try RunFolder.named(argument)
    guard folder.isRun, file == nil else { throw TrainingError.nothingNamed(name: argument) }
    let owner = try RunOwner.takeUp(folder)
    var environment = try RunEnvironment(of: folder)
    let kept = try RecipeDocument(named: folder.recipe)
    let document = try withOwnFlags(options.changed(kept))
    try expectSameRun(document.fields(differingFrom: kept))
    let text = try document.text()

    var notes: [String] = []
    let input = try RunInput(document, directory: dataDir ?? environment.dataDirectory)
    let (recipe, data) = (input.recipe, input.data)
    try environment.expect(data)
    let choice = try device ?? Program.devices.choice(of: environment) ?? .automatic
    let backend = try Program.devices.open(choice, for: recipe, as: environment)
    if !backend.device.isSame(as: environment.device) {
      notes.append(
        "the run was on \(environment.device.name) (\(environment.device.driver)) and goes on on "
          + "\(backend.device.name) (\(backend.device.driver)): the last digits may differ")
    }
    let plans = try RunPlans(recipe, data)
    let state = ResumedState(folder, plans)
    notes += state.notes
    let start: Trainer.Start
    if let checkpoint = state.checkpoint {
      start = .checkpoint(checkpoint)
    } else if let initial = environment.initialWeights {
      let source = try InitialWeights(initial.path, parts: environment.initialParts ?? [])
      guard source.file.sha256 == initial.sha256 else {
        throw Failure(
          "\(initial.path): expected the weights that the run began with, received others; "
            + "put them back, or start a new run")
      }
      start = .weights(
        try source.weights(for: plans, of: recipe.model, seed: recipe.seed).weights)
    } else {
      start = .seed
    }
    let trainer = try Trainer(recipe, data, plans: plans, on: backend, from: start)
    if backend.device.isSame(as: environment.device), trainer.productChoices != environment.products
    {
      notes.append("products are computed otherwise than before: the last digits may differ")
    }
    Interruption.listen()
    environment.state = .running
    environment.changed = Date()
    environment.device = backend.device
    environment.products = trainer.productChoices
    environment.tuning = RunEnvironment.Tuning(backend)
    try environment.write(to: folder, recipe: text)
    let recorder = try RunRecorder(
      owner, recipe: text, environment: environment, keep: recipe.checkpoints.keep,
      keepingEpochs: state.epoch)
    notes.append(
      state.path.map { "going on from \($0)" } ?? "no checkpoint yet: going on from the beginning")
    return StartedRun(
      trainer: trainer, data: data, device: backend.device, recorder: recorder,
      earlier: folder.reports(), notes: notes)
  }

  /// A recipe's file with the flags of this command alone in it.
  private func withOwnFlags(_ document: RecipeDocument) throws -> RecipeDocument {
    var document = document
    if let checkpointSteps { try document.set("checkpoints.steps", to: "\(checkpointSteps)") }
    if !freeze.isEmpty {
      let parts = freeze.map(\.rawValue).joined(separator: ", ")
      try document.set("freeze", to: "[\(parts)]")
    }
    return document
  }

  /// Throws where flags would make it another run.
  private func expectSameRun(_ changed: [String]) throws {
    let free: Set = ["epochs", "pictures", "checkpoints"]
    var others = changed.filter { !free.contains($0) }
    if options.recipe != nil { others.append("RECIPE") }
    if initFrom != nil { others.append("--init-from") }
    if output != nil { others.append("--output") }
    if overwrite { others.append("--overwrite") }
    guard others.isEmpty else {
      throw Failure(
        "--resume: expected a run that goes on as it began, but for epochs, pictures and "
          + "checkpoints, received another \(others.joined(separator: ", ")); leave that out, or "
          + "start a new run")
    }
  }
}
