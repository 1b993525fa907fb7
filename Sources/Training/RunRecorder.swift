import Reports

/// Writes what a trainer tells into the run's folder.
package struct RunRecorder: Sendable {
  package let folder: RunFolder
  /// The metadata of every weights file.
  private let texts: [String: String]
  private let keep: Int
  private var lines = ""
  /// Where the last checkpoint lies.
  package private(set) var checkpoint: String?

  /// - Parameters:
  ///   - recipe: the text of `recipe.yaml`.
  ///   - keep: how many checkpoints stay.
  package init(
    _ folder: RunFolder, recipe: String, environment: RunEnvironment, keep: Int
  ) {
    self.folder = folder
    self.keep = keep
    texts = [
      "format": "aegpu 1", "recipe": recipe, "version": environment.version,
      "device": environment.device.name, "driver": environment.device.driver,
    ]
  }

  package mutating func record(_ event: TrainingEvent) throws {
    switch event {
    // GalleryRecorder draws.
    case .progress, .pictures, .step: break
    case .epoch(let report):
      lines += report.line + "\n"
      try AtomicFile.write(lines, to: folder.metrics)
    case .checkpoint(let state):
      checkpoint = try folder.write(state, texts: texts, keep: keep)
    case .finished(let result):
      var texts = texts
      texts["epoch"] = String(result.epoch)
      try Safetensors(tensors: result.weights.tensors(), metadata: texts).write(to: folder.weights)
    }
  }
}

extension EpochReport {
  /// A line of `metrics.jsonl`.
  package var line: String {
    let judged = validation.map { ",\"validation\":\($0.json)" } ?? ""
    return "{\"epoch\":\(epoch),\"step\":\(step),\"train\":\(training.json)\(judged),"
      + "\"samplesPerSecond\":\(samplesPerSecond),\"seconds\":\(seconds)}"
  }
}

extension LossReport {
  var json: String {
    let parts = (parts + unweighted).map { ",\(JSON.quoted($0.name)):\($0.value)" }.joined()
    return "{\"loss\":\(loss)\(parts)}"
  }
}
