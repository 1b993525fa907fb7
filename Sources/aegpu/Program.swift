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
      TuneCommand.self, ReplayCommand.self, PrecompileCommand.self, KernelsCommand.self,
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

  /// Runs the command of the command line. Exits 0 when it is done, 1 when it failed, 64 when it
  /// was misused, 130 when a signal ended it; a failure is one sentence on standard error.
  static func main() {
    // Inherited as ignored, it would keep how children end from us.
    signal(SIGCHLD, SIG_DFL)
    Console.openStandardDescriptors()
    do {
      do {
        var command = try parseAsRoot()
        try command.run()
      } catch  where exitCode(for: error) == .success {
        // Help and version are results, too.
        try Console.print(fullMessage(for: error))
      }
    } catch is Interrupted {
      // Last of all: where nobody reads it any more, this ends the process.
      complain("\(CommandLine.arguments.dropFirst().first ?? ""): interrupted")
      Foundation.exit(Interruption.exitCode)
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch {
      let code = isMisuse(error) ? ExitCode.validationFailure : exitCode(for: error)
      if code == .validationFailure, let sentence = unknownCommand {
        complain("\(sentence) (\(helpCommand) shows what is expected)")
        Foundation.exit(code.rawValue)
      }
      switch code {
      case .validationFailure where !(error is RecipeError):
        complain("\(message(for: error)) (\(helpCommand) shows what is expected)")
      default: complain("\(error)")
      }
      Foundation.exit(code.rawValue)
    }
  }

  /// The name of a recipe and `--set` are the command line's own, unlike what a file holds.
  private static func isMisuse(_ error: any Error) -> Bool {
    switch error as? RecipeError {
    case .unknownRecipe, .override, .option: true
    default: false
    }
  }

  /// Says what is wrong, on standard error.
  static func complain(_ sentence: String) {
    // Names and texts of files may be in it: they control no terminal.
    let lines = sentence.split(separator: "\n", omittingEmptySubsequences: false)
    Console.say("aegpu: \(lines.map { $0.printable(nil) }.joined(separator: "\n"))\n")
  }

  /// Says what was written where, on standard error.
  static func note(_ what: String, in path: String) {
    complain("\(what), \(path == "-" ? "on standard output" : "in \(path)")")
  }

  /// A variable's value.
  static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }

  /// The command that starts this program again: what `AEGPU_LAUNCHER` names where a bundle's
  /// loader started it (Tools/bundled/launch), as `/proc/self/exe` is that loader then.
  static var again: String {
    variable("AEGPU_LAUNCHER") ?? "/proc/self/exe"
  }

  /// What is wrong with the first word, or with the first after a command that has commands of its
  /// own, where it is no command and no option.
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
