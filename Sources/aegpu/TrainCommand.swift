import ArgumentParser
import Datasets
import Devices
import Foundation
import Layers
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
      "Device: an index from list-devices, cpu, or auto (the fastest that tune measured, else a GPU, else cpu). (default: auto; with --resume the run's own)",
      valueName: "n|cpu|auto"))
  var device: DeviceChoice?

  @Option(
    help: ArgumentHelp("Folder to search for data sets before the usual ones.", valueName: "dir"))
  var dataDir: String?

  @Option(
    help: ArgumentHelp(
      "Initial weights: a run, a checkpoint, last, or a safetensors file with the names of ours, PyTorch or Keras.",
      valueName: "file|run"), completion: .runs)
  var initFrom: String?

  @Option(
    parsing: .upToNextOption,
    help: "The parts of the network that --init-from is for; others are drawn by the seed.")
  var initParts: [NetworkPart] = []

  @Option(
    parsing: .upToNextOption,
    help: "Parts of the network that keep their weights: encoder or decoder.")
  var freeze: [NetworkPart] = []

  @Option(help: ArgumentHelp("Also keep the state every n training steps.", valueName: "n"))
  var checkpointSteps: Int?

  @Option(
    help: ArgumentHelp(
      "Go on with an interrupted run in its folder; --epochs may be raised.",
      valueName: "run|last"), completion: .runs)
  var resume: String?

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

  @Option(
    defaultAsFlag: 0, parsing: .next,
    help: ArgumentHelp(
      "Show the run as it goes on, as a page at an address of this machine alone. (default: a port "
        + "that is free)", valueName: "port"))
  var watch: UInt16?

  @Flag(
    help: ArgumentHelp(
      "Also write losses, pictures and codes for TensorBoard, in the run's folder tensorboard."))
  var tensorboard = false

  @Flag(help: "Show no progress; errors are shown.")
  var quiet = false

  @Option(help: "Format of the result at the end: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    try RecipeOptions.expectCounts([("checkpoint-steps", checkpointSteps), ("log-steps", logSteps)])
    if !initParts.isEmpty, initFrom == nil {
      throw ValidationError("--init-parts: expected --init-from beside it, received none")
    }
  }

  func run() throws {
    let watch = try watch.map { try WatchedRun(port: $0) }
    let run = try resume.map(goOn) ?? begin()
    watch?.begin(run.recorder.folder)
    if !quiet { for line in run.data.summary { Console.say("train: \(line)\n") } }
    for line in run.notes { Program.complain("train: \(line)") }
    try train(run)
  }

  /// Trains, shows how it goes, and says what came of it.
  private func train(_ run: StartedRun) throws {
    let (trainer, recorder) = (run.trainer, run.recorder)
    let shouldStop = { Interruption.isRequested }
    var gallery = GalleryRecorder(
      recorder.folder, trainer, run.data, shouldStop: shouldStop)
    var printer = ProgressPrinter(epochs: trainer.recipe.epochs, isQuiet: quiet)
    trainer.logSteps = logSteps
    var steps = logSteps.map { _ in StepLog(recorder.folder, after: trainer.step) }
    defer { steps?.close() }
    var board =
      tensorboard
      ? TensorBoardRecorder(recorder.folder, trainer, run.data, shouldStop: shouldStop) : nil
    var summary = RunSummary(folder: recorder.folder.path, device: run.device)
    for report in run.earlier { summary.note(.epoch(report)) }
    let ending: Trainer.Ending
    let isInterrupted: Bool
    do {
      ending = try trainer.run(shouldStop: shouldStop) { event in
        printer.show(event)
        try recorder.record(event)
        gallery.record(event)
        summary.note(event)
        steps?.record(event)
        board?.record(event)
      }
      // Once: a signal that comes later finds a run that is done.
      isInterrupted = shouldStop()
      try recorder.end(isInterrupted ? .interrupted : .finished)
    } catch {
      printer.breakLine()
      throw failure(error, of: recorder)
    }
    for note in recorder.notes + gallery.notes + [steps?.note].compactMap({ $0 })
      + (board?.notes ?? [])
    {
      Program.complain(note)
    }
    guard !isInterrupted else {
      printer.breakLine()
      let kept = ending == .finished ? recorder.folder.weights : recorder.checkpoint
      Program.complain(
        "interrupted; the state is kept in \(kept ?? "no file"), and aegpu train --resume "
          + "\(recorder.folder.path) goes on from it")
      throw ExitCode(Interruption.exitCode)
    }
    summary.pictures = gallery.pictures
    summary.pictureEpochs = gallery.pictureEpochs
    summary.quality = gallery.quality
    switch format {
    case .text: try Console.print(summary)
    case .json: try Console.print(summary.jsonText())
    }
  }

  /// What a run that failed says, once what is good of it is kept.
  private func failure(_ error: any Error, of recorder: RunRecorder) -> any Error {
    try? recorder.end(.failed)
    guard let error = error as? TrainingError, error.isDivergence, let kept = recorder.checkpoint
    else {
      guard let kept = recorder.checkpoint else { return error }
      return Failure("\(error); the last state that is kept is \(kept)")
    }
    let epoch = try? recorder.keepWeights()
    return Failure(
      "\(error); the weights from before are kept in \(kept)"
        + (epoch.map { ", those of epoch \($0) in \(recorder.folder.weights)" } ?? ""))
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

extension NetworkPart: ExpressibleByArgument {}
