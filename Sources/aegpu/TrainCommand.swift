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
      "Initial weights: a run, a checkpoint, last, or a safetensors file with the names of aegpu, PyTorch or Keras.",
      valueName: "file|run"), completion: .runs)
  var initFrom: String?

  @Option(
    parsing: .upToNextOption,
    help:
      "Parts of the network that get the weights of --init-from; others are initialized by the seed."
  )
  var initParts: [NetworkPart] = []

  @Option(
    parsing: .upToNextOption,
    help: "Parts of the network that are not trained: encoder or decoder.")
  var freeze: [NetworkPart] = []

  @Option(help: ArgumentHelp("Also write a checkpoint every n training steps.", valueName: "n"))
  var checkpointSteps: Int?

  @Option(
    help: ArgumentHelp(
      "Resume an interrupted run in its folder; --epochs can be raised.",
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
      "Print the loss every n steps, and write it to the run's steps.jsonl.", valueName: "n"))
  var logSteps: Int?

  @Option(
    defaultAsFlag: 0, parsing: .next,
    help: ArgumentHelp(
      "Show training live on a web page, which only this machine can open. (default: a free port)",
      valueName: "port"))
  var watch: UInt16?

  @Flag(
    help: ArgumentHelp(
      "Also write losses, pictures and codes for TensorBoard, to tensorboard in the run folder."))
  var tensorboard = false

  @Option(
    help: ArgumentHelp(
      "First compute n steps twice on the device and once in plain double precision, and print the "
        + "largest difference.", valueName: "n"))
  var verify: Int?

  @Flag(help: "Show no progress; errors are shown.")
  var quiet = false

  @Option(help: "Output format of the final result: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    try RecipeOptions.expectCounts([
      ("checkpoint-steps", checkpointSteps), ("log-steps", logSteps), ("verify", verify),
    ])
    if !initParts.isEmpty, initFrom == nil {
      throw ValidationError("--init-parts: expected --init-from, too, received none")
    }
  }

  func run() throws {
    Interruption.endBeforeTraining()
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

  /// A new run in its own folder.
  private func begin() throws -> TrainingRun {
    try TrainingRun(
      withOwnFlags(options.document()), in: output, overwrite: overwrite, directory: dataDir,
      device: device ?? .automatic, Program.devices,
      from: initFrom.map { PreparedTraining.Source($0, parts: initParts) })
  }

  /// A run to resume in its folder.
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

  /// A recipe's file with the flags that only this command has.
  private func withOwnFlags(_ document: RecipeDocument) throws -> RecipeDocument {
    var document = document
    if let checkpointSteps { try document.set("checkpoints.steps", to: "\(checkpointSteps)") }
    if !freeze.isEmpty {
      let parts = freeze.map(\.rawValue).joined(separator: ", ")
      try document.set("freeze", to: "[\(parts)]")
    }
    return document
  }

  /// Trains, shows progress, and prints the result.
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
        "interrupted; the state is kept in \(outcome.keptIn ?? "no file"); to continue, run aegpu train "
          + "--resume \(run.folder)")
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
