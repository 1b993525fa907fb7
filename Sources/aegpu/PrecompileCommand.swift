import ArgumentParser
import Foundation
import OpenCLBackend

/// Compiles kernels that another process of this program is about to need.
struct PrecompileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "precompile",
    abstract: "Compiles the kernels named on standard input into the driver's cache.",
    shouldDisplay: false)

  /// The process that started this one. When it ends, this one stops, too.
  @Option var parent: Int32

  func run() throws {
    Interruption.listen()
    // Devices have the numbers here that they have there.
    Program.devices.lookAtDrivers()
    let text = FileHandle.standardInput.readDataToEndOfFile()
    try JSONDecoder().decode(Precompilation.self, from: text).run {
      Interruption.isRequested || getppid() != parent
    }
  }
}
