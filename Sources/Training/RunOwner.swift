import Foundation
import Reports

/// A run folder that only this process writes to, while this object exists.
package final class RunOwner {
  package let folder: RunFolder
  private let lock: FolderLock

  private init(_ folder: RunFolder, _ lock: FolderLock) {
    self.folder = folder
    self.lock = lock
  }

  /// Creates a folder with its first files. They are written to a temporary folder, which is
  /// renamed when it is complete: if several processes want one name, only one gets it.
  /// - Parameter isNumbered: whether to append `-2`, `-3`, … to a name that exists.
  /// - Throws: `TrainingError.outputExists` if the name exists; `.unwritable`.
  package static func create(
    _ folder: RunFolder, recipe: String, environment: String, isNumbered: Bool = false
  ) throws -> RunOwner {
    let (new, lock) = try makeFolder(beside: folder.followingLink)
    do {
      for place in [new.checkpoints, new.images] {
        try FileManager.default.createDirectory(
          atPath: place, withIntermediateDirectories: true)
      }
      try AtomicFile.write(recipe, to: new.recipe)
      try AtomicFile.write(environment, to: new.environment)
      return RunOwner(try new.take(name: folder, isNumbered: isNumbered), lock)
    } catch {
      // By their names, as a listing takes a file descriptor, and perhaps there is none left.
      for file in [new.recipe, new.environment] { unlink(file) }
      for place in [new.checkpoints, new.images, new.path] { rmdir(place) }
      // Nobody has seen the temporary folder.
      throw (error as? ReportError)?.renaming(new.path, to: folder.path) ?? error
    }
  }

  /// Takes over the folder of an earlier run, removes that run's files, and writes the first files
  /// of a new run.
  /// - Throws: `TrainingError.isTraining` if a process is writing to it.
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

  /// Takes over the folder of a run to resume.
  /// - Throws: `TrainingError.isTraining` if a process is writing to it.
  package static func takeUp(_ folder: RunFolder) throws -> RunOwner {
    guard let lock = try FolderLock(folder.path) else {
      throw TrainingError.isTraining(path: folder.path)
    }
    folder.removeTemporaries()
    return RunOwner(folder, lock)
  }

  /// A new temporary folder next to the wanted one, and its lock.
  private static func makeFolder(
    beside folder: RunFolder
  ) throws(TrainingError) -> (RunFolder, FolderLock) {
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
      if mkdir(path, 0o777) == 0 {
        if let lock = try lock(new: path) { return (RunFolder(path), lock) }
      } else if errno != EEXIST {
        throw .unwritable(
          path: folder.path, reason: String(cString: strerror(errno)).lowercased())
      }
      attempt += 1
    }
  }

  /// The lock of a new folder; `nil` if another process swept it away, which it may until it is locked.
  private static func lock(new path: String) throws(TrainingError) -> FolderLock? {
    do throws(TrainingError) {
      let lock = try FolderLock(path)
      return lock?.isOf(path) == true ? lock : nil
    } catch {
      guard access(path, F_OK) != 0 else { throw error }
      return nil
    }
  }

  /// Removes unfinished folders of killed processes.
  private static func sweep(_ parent: String) {
    let place = parent.isEmpty ? "." : parent
    let names = try? FileManager.default.contentsOfDirectory(atPath: place)
    for name in names ?? [] where name.wholeMatch(of: /\..+\.new-\d+-\d+/) != nil {
      let folder = RunFolder(parent + name)
      // Its creator holds the lock while it works on it.
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
  /// `runs/` and `dense` for `runs/dense`
  fileprivate var parentAndName: (parent: String, name: String) {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    return (String(path[..<start]), String(path[start...]))
  }

  /// Renames this folder to an unused name; an empty folder counts as unused.
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
