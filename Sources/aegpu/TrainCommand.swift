import ArgumentParser
import Datasets
import Foundation
import Plans
import Recipes
import Reports
import Training

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a recipe; writes weights, checkpoints, metrics and images to a run folder.")

  @OptionGroup var options: RecipeOptions

  @Option(
    help: ArgumentHelp(
      "Device: an index from list-devices, cpu, or auto (the fastest that tune measured, else a GPU, else cpu).",
      valueName: "n|cpu|auto"))
  var device = DeviceChoice.automatic

  @Option(
    help: ArgumentHelp("Folder to search for data sets before the usual ones.", valueName: "dir"))
  var dataDir: String?

  @Option(
    help: ArgumentHelp(
      "Initial weights, matched by name, from a safetensors file.", valueName: "file"))
  var initFrom: String?

  @Option(
    help: ArgumentHelp(
      "Run folder. (default: runs/<recipe>-<UTC time>)", valueName: "dir"))
  var output: String?

  @Flag(help: "Replace the run in the --output folder.")
  var overwrite = false

  @Option(
    help: ArgumentHelp(
      "Print the loss every n steps, and keep it in the run's steps.jsonl.", valueName: "n"))
  var logSteps: Int?

  @Flag(help: "Show no progress; errors are shown.")
  var quiet = false

  @Option(help: "Format of the result at the end: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    try RecipeOptions.expectCounts([("log-steps", logSteps)])
  }

  func run() throws {
    let started = Date()
    // All that can be refused is so before anything is written.
    let document = try options.document()
    let recipe = try document.recipe()
    let text = try document.text()
    let path = output ?? RunFolder.defaultPath(recipe: recipe.name, now: started)
    let folder = try RunFolder(checking: path, overwrite: overwrite)
    let backend = try device.open(for: recipe)
    let data = try TrainingData(recipe, directory: dataDir)
    let plans = try RunPlans(recipe, data)
    let weights = try initFrom.map {
      try Weights(
        Safetensors(path: $0), layout: plans.store.parameters, stateLayout: plans.store.state,
        path: $0)
    }
    let trainer = try Trainer(
      recipe, data, plans: plans, on: backend, from: weights.map { .weights($0) } ?? .seed)
    let environment = RunEnvironment(
      version: Program.version, commandLine: CommandLine.arguments, started: started,
      seed: recipe.seed, device: backend.device, data: data,
      initialWeights: try initFrom.map {
        RunEnvironment.File(path: $0, sha256: try SHA256.hash(ofFile: $0))
      }, products: trainer.productChoices)

    Interruption.listen()
    try folder.create(recipe: text, environment: environment.text())
    let recorder = RunRecorder(
      folder, recipe: text, environment: environment, keep: recipe.checkpoints.keep)
    let gallery = GalleryRecorder(folder, trainer, data)
    try train(trainer, recorder, gallery, on: backend.device)
  }

  /// Trains, shows how it goes, and says what came of it.
  private func train(
    _ trainer: Trainer, _ recorder: RunRecorder, _ gallery: GalleryRecorder,
    on device: DeviceInformation
  ) throws {
    var (recorder, gallery) = (recorder, gallery)
    var printer = ProgressPrinter(epochs: trainer.recipe.epochs, isQuiet: quiet)
    trainer.logSteps = logSteps
    var steps = logSteps.map { _ in StepLog(recorder.folder, after: trainer.step) }
    defer { steps?.close() }
    var summary = RunSummary(folder: recorder.folder.path, device: device)
    do {
      let ending = try trainer.run(shouldStop: { Interruption.isRequested }) { event in
        printer.show(event)
        try recorder.record(event)
        gallery.record(event)
        summary.note(event)
        steps?.record(event)
      }
      guard ending == .finished else {
        printer.breakLine()
        Program.complain("interrupted; the state is kept in \(recorder.checkpoint ?? "no file")")
        throw ExitCode(Interruption.exitCode)
      }
    } catch let error as TrainingError {
      printer.breakLine()
      guard let kept = recorder.checkpoint, error.isDivergence else { throw error }
      throw Failure("\(error); the weights from before are kept in \(kept)")
    }
    summary.pictures = gallery.pictures
    summary.pictureEpochs = gallery.pictureEpochs
    summary.quality = gallery.quality
    for note in gallery.notes + [steps?.note].compactMap({ $0 }) { Program.complain(note) }
    switch format {
    case .text: try Console.print(summary)
    case .json: try Console.print(summary.jsonText())
    }
  }
}

/// A failure that is said in a sentence of its own.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension TrainingError {
  fileprivate var isDivergence: Bool {
    switch self {
    case .diverged, .validationDiverged: true
    default: false
    }
  }
}
