import ArgumentParser
import Datasets
import Foundation
import Recipes
import Training

/// The command line.
@main
struct Program: ParsableCommand {
  static let version = Release.version

  static let configuration = CommandConfiguration(
    commandName: "aegpu", abstract: "Trains autoencoders on OpenCL devices and on the CPU.",
    version: version,
    subcommands: [
      TrainCommand.self, RunsCommand.self, ListDevicesCommand.self, RecipesCommand.self,
      DataCommand.self,
      EvaluateCommand.self, EncodeCommand.self, DecodeCommand.self, ReconstructCommand.self,
      SampleCommand.self, InterpolateCommand.self, DenoiseCommand.self, AnomaliesCommand.self,
      CompareCommand.self, ReportCommand.self, ExportCommand.self,
      SummaryCommand.self, PlanCommand.self, BenchCommand.self, ProfileCommand.self,
      TuneCommand.self, DoctorCommand.self, ReplayCommand.self, PrecompileCommand.self,
      KernelsCommand.self, LookAtDriverCommand.self,
    ])

  func run() throws {
    try Console.print(
      """
      aegpu trains autoencoders on OpenCL devices and on the CPU.

        aegpu train --device 0    train the recipe dense on the first OpenCL device
        aegpu list-devices        list the devices
        aegpu recipes             list the recipes

      aegpu --help lists every command.
      """)
  }

  /// Runs the command. Exit codes: 0 for success, 1 for a failure, 64 for wrong usage, 130 after a
  /// signal. A failure is one sentence on standard error.
  static func main() {
    // If SIGCHLD is ignored (inherited), the exit status of children is lost.
    signal(SIGCHLD, SIG_DFL)
    // A file that may not grow any more is an error of its write.
    signal(SIGXFSZ, SIG_IGN)
    Console.openStandardDescriptors()
    allowManyFiles()
    let code = runCommand()
    LastWords.end()
    guard code != EXIT_SUCCESS else { return }
    RankedProcess.waitForLauncher()
    Foundation.exit(code)
  }

  /// Each file of examples that is read while training stays open: more of them than a process may open
  /// unless it asks for it.
  private static func allowManyFiles() {
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(files, &limit) == 0, limit.rlim_cur < manyFiles else { return }
    limit.rlim_cur = min(limit.rlim_max, manyFiles)
    setrlimit(files, &limit)
  }

  private static let manyFiles: rlim_t = 1 << 16

  /// - Returns: the exit code. Nothing of an error is left then.
  private static func runCommand() -> Int32 {
    do {
      do {
        var command = try parseAsRoot()
        if (command as? TrainCommand)?.quiet != true { ReadingPrinter.begin() }
        try command.run()
      } catch  where exitCode(for: error) == .success {
        // Help and version are results, too.
        try Console.print(fullMessage(for: error))
      }
      return EXIT_SUCCESS
    } catch {
      return tell(error)
    }
  }

  /// Tells why the command fails.
  /// - Returns: the exit code.
  static func tell(_ error: any Error) -> Int32 {
    if error is Interrupted {
      complain("\(CommandLine.arguments.dropFirst().first ?? ""): interrupted")
      return Interruption.exitCode
    }
    if let code = error as? ExitCode { return code.rawValue }
    let code = isMisuse(error) ? ExitCode.validationFailure : exitCode(for: error)
    if code == .validationFailure, let sentence = unknownCommand {
      complain("\(sentence) (see \(helpCommand))")
    } else if code == .validationFailure, !(error is RecipeError) {
      complain("\(message(for: error)) (see \(helpCommand))")
    } else {
      complain("\(error)")
    }
    return code.rawValue
  }

  /// An error in the name of a recipe or in `--set` is wrong usage; an error in a file is not.
  private static func isMisuse(_ error: any Error) -> Bool {
    switch error as? RecipeError {
    case .unknownRecipe, .override, .option: true
    default: false
    }
  }

  /// Prints a message on standard error; of several ranks only the first does.
  static func complain(_ sentence: String) {
    if !RankedProcess.isOther { complainFromAnyRank(sentence) }
  }

  /// Prints a message on standard error.
  static func complainFromAnyRank(_ sentence: String) {
    // It may contain names and contents of files; their control characters must not reach the terminal.
    let lines = sentence.split(separator: "\n", omittingEmptySubsequences: false)
    Console.say("aegpu: \(lines.map { $0.printable(nil) }.joined(separator: "\n"))\n")
  }

  /// Prints on standard error what was written, and where.
  static func note(_ what: String, in path: String) {
    complain("\(what), \(path == "-" ? "on standard output" : "in \(path)")")
  }

  /// The value of an environment variable.
  static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }

  /// The command that starts this program again: the value of `AEGPU_LAUNCHER` if a bundle's loader
  /// started it (Tools/bundled/launch), because `/proc/self/exe` is then that loader.
  static var again: String {
    variable("AEGPU_LAUNCHER") ?? "/proc/self/exe"
  }

  /// The error for a first word that is neither a command nor an option; also for the first word after
  /// a command with subcommands.
  private static var unknownCommand: String? {
    var command: any ParsableCommand.Type = Program.self
    for word in CommandLine.arguments.dropFirst() {
      let known = command.configuration.subcommands
      guard !known.isEmpty, !word.hasPrefix("-") else { return nil }
      if let next = known.first(where: { $0._commandName == word }) {
        command = next
        continue
      }
      let names = known.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
      let recipes = command is RecipesCommand.Type ? RecipeLibrary.names : []
      return "expected a command, one of \(names.joined(separator: ", ")), received "
        + word.printable() + Spelling.hint(word, of: names + recipes)
    }
    return nil
  }

  private static var helpCommand: String {
    let known = configuration.subcommands.map { $0._commandName }
    let named = CommandLine.arguments.dropFirst().prefix(1).filter(known.contains)
    return (["aegpu"] + named + ["--help"]).joined(separator: " ")
  }
}
