import Foundation

/// The folder of one run. Each file is written atomically.
///
/// | file | contents |
/// |---|---|
/// | `recipe.yaml` | the recipe with every override |
/// | `environment.json` | program, command line, seed, device, data, state |
/// | `metrics.jsonl` | one line per epoch |
/// | `steps.jsonl` | with `--log-steps`, one line every N steps |
/// | `weights.safetensors` | the final weights; with early stopping, those of the best epoch |
/// | `checkpoints/epoch-NNNN.safetensors` | states to resume from |
/// | `images/` | pictures |
/// | `report.html` | the report, if it was made |
/// | `tensorboard/` | losses, pictures and codes for TensorBoard, if asked for |
package struct RunFolder: Hashable, Sendable {
  /// Without a slash at the end.
  package let path: String

  package init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// The target of the link, if the path is a link.
  var followingLink: RunFolder {
    let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    return isLink ? RunFolder(URL(fileURLWithPath: path).resolvingSymlinksInPath().path) : self
  }

  /// Checks the path and changes nothing.
  /// - Throws: `TrainingError.outputExists` if the folder has files; `.notARun` if they are to be
  ///   overwritten and are not those of a run; `.outputIsFile`.
  package init(checking path: String, overwrite: Bool) throws(TrainingError) {
    self.init(path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: self.path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else { throw .outputIsFile(path: self.path) }
    let contents = try? FileManager.default.contentsOfDirectory(atPath: self.path)
    if contents?.isEmpty == true { return }
    guard overwrite else { throw .outputExists(path: self.path) }
    guard isRun else { throw .notARun(path: self.path) }
  }

  package var recipe: String { path + "/recipe.yaml" }
  package var environment: String { path + "/environment.json" }
  package var weights: String { path + "/weights.safetensors" }
  package var metrics: String { path + "/metrics.jsonl" }
  package var steps: String { path + "/steps.jsonl" }
  package var checkpoints: String { path + "/checkpoints" }
  package var images: String { path + "/images" }
  package var report: String { path + "/report.html" }
  /// A step that was not finite, or the batch of a validation after this step.
  func replay(of facts: RecordedStep.Facts) -> String {
    let kind = facts.validationBatch == nil ? "step" : "validation"
    return "\(path)/replay-\(kind)-\(facts.step).safetensors"
  }
  package var tensorboard: String { path + "/tensorboard" }

  package var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// Whether it contains the first files of a run.
  package var isRun: Bool {
    [recipe, environment].allSatisfy { FileManager.default.fileExists(atPath: $0) }
  }

  /// `runs/dense-2026-01-31T12-00-00Z`
  package static func defaultPath(recipe: String, now: Date) -> String {
    let time = now.ISO8601Format().replacing(":", with: "-")
    let name = recipe.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
    return "runs/\(String(name))-\(time)"
  }

  /// `epoch-0007`
  package static func name(ofEpoch epoch: Int) -> String {
    let digits = String(epoch)
    return "epoch-" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
  }

  func checkpoint(ofEpoch epoch: Int) -> String {
    "\(checkpoints)/\(Self.name(ofEpoch: epoch)).safetensors"
  }

  /// The epochs of the existing checkpoints, the newest first.
  package func checkpointEpochs() -> [Int] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: checkpoints)
    return (names ?? []).compactMap(Self.epoch(ofCheckpoint:)).sorted(by: >)
  }

  static func epoch(ofCheckpoint name: String) -> Int? {
    guard name.hasPrefix("epoch-"), name.hasSuffix(".safetensors") else { return nil }
    return Int(name.dropFirst("epoch-".count).dropLast(".safetensors".count))
  }

  /// The epochs so far, from `metrics.jsonl`.
  package func reports() -> [EpochReport] { metricsLines().compactMap(EpochReport.init(line:)) }

  /// The complete lines of `metrics.jsonl`.
  package func metricsLines() -> [Substring] {
    guard let text = try? String(contentsOfFile: metrics, encoding: .utf8) else { return [] }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.dropLast().filter { !$0.isEmpty }
  }
}
