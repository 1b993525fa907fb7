import Analyses
import Benchmarks
import Foundation
import Plans
import Recipes
import Training

/// The contents of a run's report: a value that is computed without the page and shown without the
/// device.
package struct RunReport: Sendable {
  /// The results of the run, from its files.
  package var record: RunRecord
  package var environment: RunEnvironment
  package var state: RunEnvironment.State
  package var epochs: [EpochReport]
  /// The recipe's file.
  package var recipeText: Finding<String>
  /// A note for the user about the choice of weights.
  package var note: String?
  /// The examples and the device of the following results.
  package var measured: Finding<Measured>
  package var evaluation: Finding<Evaluated> = .notApplicable
  package var baseline: Finding<PrincipalBaseline> = .notApplicable
  package var reconstructions: Finding<Reconstructions> = .notApplicable
  package var samples: Finding<Samples> = .notApplicable
  package var codes: Finding<CodeMap> = .notApplicable
  package var traversals: Finding<Traversals> = .notApplicable
  /// How often each codebook vector is used.
  package var codeUse: Finding<CodeUsage> = .notApplicable
  package var anomalies: Finding<Anomalies> = .notApplicable
  package var profile: Finding<Profile> = .notApplicable

  /// The examples that the model was run on, and the device.
  package struct Measured: Hashable, Sendable {
    package var data: String
    package var split: String
    package var count: Int
    /// Whether they are windows of a series.
    package var areWindows: Bool
    package var device: DeviceInformation

    package init(
      data: String, split: String, count: Int, areWindows: Bool = false, device: DeviceInformation
    ) {
      (self.data, self.split, self.count, self.device) = (data, split, count, device)
      self.areWindows = areWindows
    }
  }

  package struct Evaluated: Hashable, Sendable {
    package var report: EvaluationReport
    /// The scale of the squared error, in words.
    package var scale: String
    /// The window of the structural similarity, if it is not the usual one.
    package var window: Int?

    package init(report: EvaluationReport, scale: String, window: Int? = nil) {
      (self.report, self.scale, self.window) = (report, scale, window)
    }
  }

  /// Reads the run's files; nothing is computed with the model yet.
  package init(_ saved: SavedRun) throws {
    let folder = RunFolder(saved.folder)
    let environment = try RunEnvironment(of: folder)
    try self.init(
      RunRecord(saved), environment, state: environment.state(in: folder),
      epochs: folder.reports(),
      recipeText: Finding { try String(contentsOfFile: folder.recipe, encoding: .utf8) })
  }

  package init(
    _ record: RunRecord, _ environment: RunEnvironment, state: RunEnvironment.State,
    epochs: [EpochReport], recipeText: Finding<String>
  ) {
    (self.record, self.environment, self.state) = (record, environment, state)
    (self.epochs, self.recipeText) = (epochs, recipeText)
    note = record.saved.note
    measured = .notApplicable
  }

  package var recipe: Recipe { record.saved.recipe }
  package var folder: String { record.saved.folder }

  /// The command that repeats the run.
  package var command: String {
    var words = ["aegpu", "train", RunFolder(folder).recipe]
    words += ["--device", environment.device.identifier]
    if let directory = environment.dataDirectory { words += ["--data-dir", directory] }
    if let weights = environment.initialWeights {
      words += ["--init-from", weights.path]
      if let parts = environment.initialParts {
        words += ["--init-parts"] + parts.map(\.rawValue)
      }
    }
    return words.map(ShellWord.quoted).joined(separator: " ")
  }

  /// The command that made the run.
  package var madeBy: String {
    (["aegpu"] + environment.commandLine.dropFirst()).map(ShellWord.quoted).joined(separator: " ")
  }
}

/// Quotes words for a POSIX shell.
enum ShellWord {
  static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || "-_./:=,+@%".utf8.contains(byte)
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
