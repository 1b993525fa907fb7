import Foundation
import Recipes
import Reports

/// The folder of one run: every file in it is written whole or not at all.
///
/// | file | what |
/// |---|---|
/// | `recipe.yaml` | the recipe with every override |
/// | `environment.json` | program, command line, seed, device, data |
/// | `metrics.jsonl` | a line an epoch |
/// | `steps.jsonl` | a line every so many steps, where that is asked for |
/// | `weights.safetensors` | the final weights; with early stopping, the best epoch's |
/// | `checkpoints/epoch-NNNN.safetensors` | states, the newest few |
/// | `images/` | pictures |
package struct RunFolder: Hashable, Sendable {
  package let path: String

  /// Checks, and touches nothing.
  /// - Throws: `TrainingError.outputExists` where files are in the way; `.notARun` where they are
  ///   to be overwritten and are not those of a run.
  package init(checking path: String, overwrite: Bool) throws(TrainingError) {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    self.path = trimmed
    guard FileManager.default.fileExists(atPath: trimmed) else { return }
    let contents = try? FileManager.default.contentsOfDirectory(atPath: trimmed)
    if contents?.isEmpty == true { return }
    guard overwrite else { throw .outputExists(path: trimmed) }
    let isRun = contents.map { $0.contains("recipe.yaml") && $0.contains("environment.json") }
    guard isRun == true else { throw .notARun(path: trimmed) }
  }

  private init(path: String) { self.path = path }

  /// `runs/dense-2026-01-31T12-00-00Z`, with a number behind it where that exists.
  package static func defaultPath(recipe: String, now: Date) -> String {
    let time = now.ISO8601Format().replacing(":", with: "-")
    let name = recipe.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
    let first = "runs/\(String(name))-\(time)"
    var path = first
    var number = 2
    while FileManager.default.fileExists(atPath: path) {
      path = "\(first)-\(number)"
      number += 1
    }
    return path
  }

  /// Makes the folder with its first files. They are written beside it and take its name when they
  /// are whole; only then does an earlier run go.
  package func create(recipe: String, environment: String) throws {
    let files = FileManager.default
    let nameStart = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let (parent, name) = (path[..<nameStart], path[nameStart...])
    let beside = { (what: String) in "\(parent).\(name).\(what)-\(getpid())" }
    let new = RunFolder(path: beside("new"))
    let old = beside("old")
    do {
      try files.createDirectory(atPath: new.path, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.unwritable(path: path, reason: Self.reason(error))
    }
    do {
      for folder in [new.checkpoints, new.images] {
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
      try AtomicFile.write(recipe, to: new.path + "/recipe.yaml")
      try AtomicFile.write(environment, to: new.path + "/environment.json")
      let replaces = files.fileExists(atPath: path)
      if replaces { try Self.rename(path, to: old) }
      do {
        try Self.rename(new.path, to: path)
      } catch {
        if replaces { try Self.rename(old, to: path) }
        throw error
      }
      if replaces { try? files.removeItem(atPath: old) }
    } catch {
      try? files.removeItem(atPath: new.path)
      throw error
    }
  }

  private static func rename(_ from: String, to path: String) throws(TrainingError) {
    guard Glibc.rename(from, path) == 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
  }

  private static func reason(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let cause, cause.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(cause.code))).lowercased()
  }

  package var weights: String { path + "/weights.safetensors" }
  package var metrics: String { path + "/metrics.jsonl" }
  package var steps: String { path + "/steps.jsonl" }
  package var checkpoints: String { path + "/checkpoints" }
  package var images: String { path + "/images" }

  /// `epoch-0007`
  package static func name(ofEpoch epoch: Int) -> String {
    let digits = String(epoch)
    return "epoch-" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
  }

  /// Writes a checkpoint; then the oldest go, until `keep` are left, and never this one.
  /// - Returns: its path.
  package func write(
    _ checkpoint: Checkpoint, texts: [String: String], keep: Int
  ) throws -> String {
    let name = Self.name(ofEpoch: checkpoint.fileEpoch) + ".safetensors"
    let path = "\(checkpoints)/\(name)"
    try checkpoint.file(texts).write(to: path)
    let kept = try FileManager.default.contentsOfDirectory(atPath: checkpoints)
      .compactMap { name in Self.epoch(ofCheckpoint: name).map { (name, $0) } }
      .sorted { $0.1 < $1.1 }
    for (old, _) in kept.dropLast(max(keep, 1)) where old != name {
      try FileManager.default.removeItem(atPath: "\(checkpoints)/\(old)")
    }
    return path
  }

  static func epoch(ofCheckpoint name: String) -> Int? {
    guard name.hasPrefix("epoch-"), name.hasSuffix(".safetensors") else { return nil }
    return Int(name.dropFirst("epoch-".count).dropLast(".safetensors".count))
  }
}
