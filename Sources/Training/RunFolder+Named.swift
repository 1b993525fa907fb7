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
      // If several started at the same time, the last by name.
      let newest = all(in: "runs").max {
        ($0.environment.started, $0.folder.path) < ($1.environment.started, $1.folder.path)
      }
      guard let newest else { throw .nothingNamed(name: name) }
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
  package static func all(
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
}
