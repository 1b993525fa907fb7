import ArgumentParser
import Devices

/// Looks at an OpenCL driver, from a process that it may take with it.
struct LookAtDriverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: DriverProbe.command,
    abstract: "Looks at the one OpenCL driver that the loader sees.", shouldDisplay: false)

  /// For who lists processes; the environment names it to the loader.
  @Argument var file: String

  func run() throws { try Console.print(DriverProbe.look()) }
}
