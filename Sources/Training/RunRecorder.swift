import Recipes
import Reports

/// Writes what a trainer tells into the run's folder.
package struct RunRecorder: Sendable {
  package let folder: RunFolder
  /// The metadata of every weights file.
  private let texts: [String: String]
  private let keep: Int
  private let style: Recipe.Pictures.Style
  private var lines = ""
  /// Where the last checkpoint and the last pictures lie.
  package private(set) var checkpoint: String?
  package private(set) var pictures: [String] = []

  /// - Parameters:
  ///   - recipe: the text of `recipe.yaml`.
  ///   - keep: how many checkpoints stay.
  package init(
    _ folder: RunFolder, recipe: String, environment: RunEnvironment, keep: Int,
    style: Recipe.Pictures.Style = .pairs
  ) {
    self.folder = folder
    self.keep = keep
    self.style = style
    texts = [
      "format": "aegpu 1", "recipe": recipe, "version": environment.version,
      "device": environment.device.name, "driver": environment.device.driver,
    ]
  }

  package mutating func record(_ event: TrainingEvent) throws {
    switch event {
    case .progress: break
    case .epoch(let report):
      lines += report.line + "\n"
      try AtomicFile.write(lines, to: folder.metrics)
    case .pictures(let data):
      pictures = try write(data)
    case .checkpoint(let state):
      checkpoint = try folder.write(state, texts: texts, keep: keep)
    case .finished(let result):
      var texts = texts
      texts["epoch"] = String(result.epoch)
      try Safetensors(tensors: result.weights.tensors(), metadata: texts).write(to: folder.weights)
    }
  }

  private func write(_ data: PictureData) throws -> [String] {
    let grid = ImageGrid(shape: data.imageShape)
    let name = RunFolder.name(ofEpoch: data.epoch)
    var paths: [String] = []
    if let pairs = data.reconstructions {
      let picture = grid.picture(pairs, style)
      paths.append("\(folder.images)/reconstructions-\(name).png")
      try AtomicFile.write(PNG.encode(picture), to: paths.last!)
    }
    if let samples = data.samples {
      paths.append("\(folder.images)/samples-\(name).png")
      try AtomicFile.write(PNG.encode(grid.samples(samples)), to: paths.last!)
    }
    return paths
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
  fileprivate var json: String {
    let parts = parts.map { ",\(JSON.quoted($0.name)):\($0.value)" }.joined()
    return "{\"loss\":\(loss)\(parts)}"
  }
}
