import AEGPU
import ArgumentParser
import Devices
import Layers
import Ranks
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

  @OptionGroup var memory: MemoryOption

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

  @Option(
    help: ArgumentHelp(
      "How ranks that mpirun or srun started add gradients: fast, or ordered (rank by rank, so that the same number of ranks gives the same bits).",
      valueName: "fast|ordered"))
  var exchange = ExchangeOrder.fast

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
    guard let launch = RankedProcess.launch else {
      let (run, watch) = try prepare(with: nil)
      Interruption.listen()
      try begin(run, watch)
      return try train(run) { Interruption.isRequested }
    }
    // Before any thread is pinned, as MPI starts its own.
    let ranks = try RankedProcess(launch, exchange)
    let (run, watch) = try ranks.apart { try prepare(with: ranks) }
    Interruption.listen()
    try ranks.apart { if ranks.isFirst { try begin(run, watch) } }
    try ranks.together {
      try ranks.expectSameRun(run.prepared)
      guard !ranks.isFirst else { return try train(run) { ranks.group.stops } }
      if try run.trainBesideFirst(shouldStop: { ranks.group.stops }) {
        throw ExitCode(Interruption.exitCode)
      }
    }
  }

  /// Everything before the first file is written.
  private func prepare(
    with ranks: RankedProcess?
  ) throws -> (run: TrainingRun, watch: WatchedRun?) {
    let isFirst = ranks?.isFirst != false
    let watch = try isFirst ? watch.map { try WatchedRun(port: $0) } : nil
    var devices = Program.devices
    // A rank that is alone on its machine has all of it.
    if let local = ranks?.launch.local, local.count > 1 { devices.local = local }
    let run =
      try resume.map { try goOn($0, on: devices, with: ranks?.group) }
      ?? begin(on: devices, with: ranks?.group)
    return (run, watch)
  }

  /// Opens the run's folder, and tells what will be trained.
  private func begin(_ run: TrainingRun, _ watch: WatchedRun?) throws {
    let recorder = try run.open()
    watch?.begin(recorder.folder)
    LastWords.prepare(
      on: run.prepared.backend.device, work: "\(run.prepared.recipe.name) was trained",
      advice: ": to continue, run aegpu train --resume \(run.folder) --device cpu")
    if !quiet { for line in run.prepared.data.summary { Console.say("train: \(line)\n") } }
    if let verify { Program.complain("verify: \(try run.verify(steps: verify))") }
    for line in run.notes { Program.complain("train: \(line)") }
  }

  /// A new run in its own folder.
  private func begin(
    on devices: DeviceChooser, with ranks: RankGroup?
  ) throws -> TrainingRun {
    try TrainingRun(
      withOwnFlags(options.document()), in: output, overwrite: overwrite, directory: dataDir,
      memory: memory.limit, device: device ?? .automatic, devices, with: ranks,
      from: initFrom.map { PreparedTraining.Source($0, parts: initParts) })
  }

  /// A run to resume in its folder.
  private func goOn(
    _ name: String, on devices: DeviceChooser, with ranks: RankGroup?
  ) throws -> TrainingRun {
    let others = [
      ("RECIPE", options.recipe != nil), ("--init-from", initFrom != nil),
      ("--output", output != nil), ("--overwrite", overwrite),
    ].filter(\.1)
    guard others.isEmpty else { throw AutoencoderError.otherRun(name, others.map(\.0)) }
    return try TrainingRun(
      resuming: name, directory: dataDir, memory: memory.limit, device: device, devices, with: ranks
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
  private func train(_ run: TrainingRun, shouldStop: @escaping () -> Bool) throws {
    var printer = ProgressPrinter(epochs: run.prepared.recipe.epochs, isQuiet: quiet)
    var summary = RunSummary(folder: run.folder, device: run.prepared.backend.device)
    for report in RunFolder(run.folder).reports() { summary.note(.epoch(report)) }
    let outcome: TrainingRun.Outcome
    do {
      outcome = try run.follow(
        logSteps: logSteps, tensorBoard: tensorboard, shouldStop: shouldStop
      ) { event in
        printer.show(event)
        summary.note(event)
        if case .epoch = event, let note = run.prepared.trainer.takeTrafficNote() {
          Program.complain("train: \(note)")
        }
      }
    } catch {
      printer.breakLine()
      throw run.endsOnAllRanks ? SharedFailure(error: error) : error
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
extension ExchangeOrder: ExpressibleByArgument {}
