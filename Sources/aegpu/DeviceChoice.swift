import ArgumentParser
import Devices
import OpenCLBackend
import Plans
import Recipes

extension Program {
  /// The devices of the command line; threads are its own.
  static let devices = DeviceChooser(
    notice: { complain($0) }, pinsThreads: true, compile: { Helpers.compile($0) },
    silence: { Silence.tell($0) }, use: { LastWords.prepare(on: $0, work: $1) },
    launcher: Program.again, environment: { variable($0) })
}

extension DeviceChoice: ExpressibleByArgument {
  package var defaultValueDescription: String { argument }

  package static var defaultCompletionKind: CompletionKind { .devices }

  /// Opens the device for a recipe.
  /// - Parameter schedule: an OpenCL device's, whatever `tune` kept.
  func open(for recipe: Recipe, schedule: Schedule? = nil) throws -> any Backend {
    try Program.devices.open(self, for: recipe, schedule: schedule)
  }
}
