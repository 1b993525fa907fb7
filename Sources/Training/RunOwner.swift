import Foundation
import Reports

/// A run's folder that this process alone writes in, for as long as this lives.
package final class RunOwner {
  package let folder: RunFolder
  private let lock: FolderLock

  private init(_ folder: RunFolder, _ lock: FolderLock) {
    self.folder = folder
    self.lock = lock
  }

  /// Makes a folder with its first files. They are written beside it and take its name when they
  /// are whole: of several processes that want one name, one gets it.
  /// - Parameter isNumbered: whether a name that is taken is followed by `-2`, `-3`, …
  /// - Throws: `TrainingError.outputExists` where the name is taken; `.unwritable`.
  package static func create(
    _ folder: RunFolder, recipe: String, environment: String, isNumbered: Bool = false
  ) throws -> RunOwner {
    let new = try makeFolder(beside: folder.followingLink)
    do {
      guard let lock = try FolderLock(new.path) else {
        throw TrainingError.isTraining(path: new.path)
      }
      for place in [new.checkpoints, new.images] {
        try FileManager.default.createDirectory(
          atPath: place, withIntermediateDirectories: true)
      }
      try AtomicFile.write(recipe, to: new.recipe)
      try AtomicFile.write(environment, to: new.environment)
      return RunOwner(try new.take(name: folder, isNumbered: isNumbered), lock)
    } catch {
      try? FileManager.default.removeItem(atPath: new.path)
      throw error
    }
  }

  /// Takes the folder of an earlier run, whose files go, and writes the first files of another.
  /// - Throws: `TrainingError.isTraining` where a process writes in it.
  package static func overwrite(
    _ folder: RunFolder, recipe: String, environment: String
  ) throws -> RunOwner {
    guard folder.isRun else {
      return try create(folder, recipe: recipe, environment: environment)
    }
    let owner = try takeUp(folder)
    try folder.removeContents()
    for place in [folder.checkpoints, folder.images] {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    }
    try AtomicFile.write(recipe, to: folder.recipe)
    try AtomicFile.write(environment, to: folder.environment)
    return owner
  }

  /// Takes the folder of a run that goes on.
  /// - Throws: `TrainingError.isTraining` where a process writes in it.
  package static func takeUp(_ folder: RunFolder) throws -> RunOwner {
    guard let lock = try FolderLock(folder.path) else {
      throw TrainingError.isTraining(path: folder.path)
    }
    folder.removeTemporaries()
    return RunOwner(folder, lock)
  }

  /// A new folder beside the one that is wanted, for what is not whole yet.
  private static func makeFolder(beside folder: RunFolder) throws(TrainingError) -> RunFolder {
    let (parent, name) = folder.parentAndName
    if !parent.isEmpty {
      do {
        try FileManager.default.createDirectory(
          atPath: parent, withIntermediateDirectories: true)
      } catch {
        throw .unwritable(path: folder.path, reason: reason(error))
      }
    }
    sweep(parent)
    var attempt = 0
    while true {
      let path = "\(parent).\(name).new-\(getpid())-\(attempt)"
      if mkdir(path, 0o777) == 0 { return RunFolder(path) }
      guard errno == EEXIST else {
        throw .unwritable(
          path: folder.path, reason: String(cString: strerror(errno)).lowercased())
      }
      attempt += 1
    }
  }

  /// Removes folders that a process which was killed had not finished.
  private static func sweep(_ parent: String) {
    let place = parent.isEmpty ? "." : parent
    let names = try? FileManager.default.contentsOfDirectory(atPath: place)
    for name in names ?? [] where name.wholeMatch(of: /\..+\.new-\d+-\d+/) != nil {
      let folder = RunFolder(parent + name)
      // Its maker holds it as long as it works on it.
      guard folder.followingLink == folder, let lock = try? FolderLock(folder.path) else {
        continue
      }
      try? folder.removeContents()
      rmdir(folder.path)
      withExtendedLifetime(lock) {}
    }
  }

  private static func reason(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let cause, cause.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(cause.code))).lowercased()
  }
}

extension RunFolder {
  /// `runs/` and `dense` of `runs/dense`
  fileprivate var parentAndName: (parent: String, name: String) {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    return (String(path[..<start]), String(path[start...]))
  }

  /// Gives this folder another's name, which must not be taken; an empty folder is no one's.
  fileprivate func take(name wanted: RunFolder, isNumbered: Bool) throws(TrainingError) -> RunFolder
  {
    var folder = wanted
    var number = 1
    while rename(path, folder.followingLink.path) != 0 {
      let code = errno
      let isTaken = [ENOTEMPTY, EEXIST, ENOTDIR].contains(code) && folder.exists
      guard isTaken else {
        throw .unwritable(
          path: folder.path, reason: String(cString: strerror(code)).lowercased())
      }
      guard isNumbered else { throw .outputExists(path: folder.path) }
      number += 1
      folder = RunFolder("\(wanted.path)-\(number)")
    }
    return folder
  }
}
