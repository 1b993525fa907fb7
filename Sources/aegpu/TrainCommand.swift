import AEGPU
import ArgumentParser
import Devices
import Layers
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

  @Option(
    help: ArgumentHelp(
      "First compute n steps twice on the device and once by the reference in double precision, and "
        + "print the largest difference.", valueName: "n"))
  var verify: Int?

  @Flag(help: "Show no progress; errors are shown.")
  var quiet = false

  @Option(help: "Format of the result at the end: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    try RecipeOptions.expectCounts([
      ("checkpoint-steps", checkpointSteps), ("log-steps", logSteps), ("verify", verify),
    ])
    if !initParts.isEmpty, initFrom == nil {
      throw ValidationError("--init-parts: expected --init-from beside it, received none")
    }
  }

  func run() throws {
    let watch = try watch.map { try WatchedRun(port: $0) }
    let run = try resume.map(goOn) ?? begin()
    Interruption.listen()
    let recorder = try run.open()
    watch?.begin(recorder.folder)
    if !quiet { for line in run.prepared.data.summary { Console.say("train: \(line)\n") } }
    if let verify { Program.complain("verify: \(try run.verify(steps: verify))") }
    for line in run.notes { Program.complain("train: \(line)") }
    try train(run)
  }

  /// A new run in a folder of its own.
  private func begin() throws -> TrainingRun {
    try TrainingRun(
      withOwnFlags(options.document()), in: output, overwrite: overwrite, directory: dataDir,
      device: device ?? .automatic, Program.devices,
      from: initFrom.map { PreparedTraining.Source($0, parts: initParts) })
  }

  /// A run that goes on in its folder.
  private func goOn(_ name: String) throws -> TrainingRun {
    let others = [
      ("RECIPE", options.recipe != nil), ("--init-from", initFrom != nil),
      ("--output", output != nil), ("--overwrite", overwrite),
    ].filter(\.1)
    guard others.isEmpty else { throw AutoencoderError.otherRun(name, others.map(\.0)) }
    return try TrainingRun(
      resuming: name, directory: dataDir, device: device, Program.devices
    ) { try withOwnFlags(options.changed($0)) }
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

  /// Trains, shows how it goes, and says what came of it.
  private func train(_ run: TrainingRun) throws {
    var printer = ProgressPrinter(epochs: run.prepared.recipe.epochs, isQuiet: quiet)
    var summary = RunSummary(folder: run.folder, device: run.prepared.backend.device)
    for report in RunFolder(run.folder).reports() { summary.note(.epoch(report)) }
    let outcome: TrainingRun.Outcome
    do {
      outcome = try run.follow(
        logSteps: logSteps, tensorBoard: tensorboard, shouldStop: { Interruption.isRequested }
      ) { event in
        printer.show(event)
        summary.note(event)
      }
    } catch {
      printer.breakLine()
      throw error
    }
    for note in outcome.notes { Program.complain(note) }
    guard !outcome.isInterrupted else {
      printer.breakLine()
      Program.complain(
        "interrupted; the state is kept in \(outcome.keptIn ?? "no file"), and aegpu train --resume "
          + "\(run.folder) goes on from it")
      throw ExitCode(Interruption.exitCode)
    }
    summary.note(outcome)
    switch format {
    case .text: try Console.print(summary)
    case .json: try Console.print(summary.jsonText())
    }
  }
}

extension NetworkPart: ExpressibleByArgument {}
