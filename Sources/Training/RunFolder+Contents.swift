import Foundation

/// What a run writes into its folder, told from what else lies there by its name.
extension RunFolder {
  /// Removes what a run wrote and nothing else; folders go where they are empty then.
  func removeContents() throws {
    for folder in ["images", "checkpoints", "tensorboard", ""] {
      let place = folder.isEmpty ? path : "\(path)/\(folder)"
      for name in names(in: place)
      where Self.isOwn(name, in: folder) || Self.isTemporary(name) {
        try FileManager.default.removeItem(atPath: "\(place)/\(name)")
      }
      // Fails where something else is left, which then stays.
      if !folder.isEmpty { rmdir(place) }
    }
  }

  /// Removes files that a process which was killed had not finished.
  func removeTemporaries() {
    for place in [path, checkpoints, images, tensorboard] {
      for name in names(in: place) where Self.isTemporary(name) {
        try? FileManager.default.removeItem(atPath: "\(place)/\(name)")
      }
    }
  }

  private func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  private static func isOwn(_ name: String, in folder: String) -> Bool {
    switch folder {
    case "images":
      name.wholeMatch(
        of:
          /(reconstructions|samples)-epoch-\d+\.png|(loss|latent)\.(csv|png)|filters\.png|quality\.json/
      ) != nil
    case "tensorboard": TensorBoardRecorder.isOwn(name)
    case "checkpoints": name.wholeMatch(of: /epoch-\d+\.safetensors/) != nil
    default:
      [
        "recipe.yaml", "environment.json", "metrics.jsonl", "steps.jsonl", "weights.safetensors",
        "report.html",
      ].contains(name) || name.wholeMatch(of: /replay-step-\d+\.safetensors/) != nil
    }
  }

  /// As `OutputFile` names them.
  private static func isTemporary(_ name: String) -> Bool {
    name.wholeMatch(of: /\..+\.\d+-\d+/) != nil
  }
}
