import AEGPU
import ArgumentParser
import Datasets
import Recipes
import Training

/// A run that a command opened: the library's model, and what the command line says about it.
final class OpenRun {
  let autoencoder: Autoencoder

  var saved: SavedRun { autoencoder.content.saved }
  var recipe: Recipes.Recipe { saved.recipe }
  var path: String { saved.folder }

  convenience init(_ options: RunOptions) throws {
    try self.init(options.run, options.place)
  }

  init(_ name: String, _ place: PlaceOptions) throws {
    autoencoder = try Autoencoder(
      named: name, directory: place.dataDir, on: place.device, Program.devices)
    if let note = saved.note { Program.complain(note) }
  }

  /// - Parameter limit: larger examples stay in their files; `nil`: all are loaded.
  func shown(
    _ options: ShownOptions, streaming limit: MemoryLimit? = nil
  ) throws -> ShownExamples {
    func read(_ name: String?) throws -> ShownExamples {
      let shown = try autoencoder.shown(named: name, split: options.split, streaming: limit)
      if name != nil { for note in shown.notes { Program.complain("\(shown.data): \(note)") } }
      return shown
    }
    return options.data == "-"
      ? try StandardInput.withFile { try read($0) } : try read(options.data)
  }
}

extension ShownExamples {
  /// For messages: `digits, test`.
  var text: String { "\(data), \(split.rawValue)" }
}

extension ShownExamples.Split: ExpressibleByArgument {}
