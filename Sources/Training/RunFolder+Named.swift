import Foundation

/// Finds the run that the user named.
extension RunFolder {
  /// The folder of a run, and the file in it, if a file is named.
  /// - Parameter name: a run folder, a weights or checkpoint file in one, or `last` for the run
  ///   under `runs/` that was started last.
  /// - Throws: `TrainingError.nothingNamed` if it does not exist.
  package static func named(
    _ name: String
  ) throws(TrainingError) -> (folder: RunFolder, file: String?) {
    if name == "last" {
      guard let newest = newestFirst(in: "runs").first else { throw .nothingNamed(name: name) }
      return (newest.folder, nil)
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else {
      throw .nothingNamed(name: name)
    }
    if isFolder.boolValue { return (RunFolder(name), nil) }
    let parent = URL(fileURLWithPath: name).deletingLastPathComponent()
    let run =
      parent.lastPathComponent == "checkpoints" ? parent.deletingLastPathComponent() : parent
    return (RunFolder(run.path), name)
  }

  /// All runs in a folder, by name; other folders are skipped.
  private static func all(
    in folder: String
  ) -> [(folder: RunFolder, environment: RunEnvironment)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().compactMap { name in
      let run = RunFolder("\(folder)/\(name)")
      guard !name.hasPrefix("."), run.isRun, let environment = try? RunEnvironment(of: run) else {
        return nil
      }
      return (run, environment)
    }
  }
  /// All runs in a folder, the newest start first; of those that started at the same time, the last by
  /// name. Starts more than a day in the future are of a clock that was wrong: they come last.
  package static func newestFirst(
    in folder: String
  ) -> [(folder: RunFolder, environment: RunEnvironment)] {
    let tomorrow = Date(timeIntervalSinceNow: 86_400)
    func key(_ run: (folder: RunFolder, environment: RunEnvironment)) -> (Int, Date, String) {
      let started = run.environment.started
      return (started < tomorrow ? 1 : 0, started, run.folder.path)
    }
    return all(in: folder).sorted { key($0) > key($1) }
  }
}
