import Foundation

/// The files that a run writes to its folder, distinguished from other files by their names.
extension RunFolder {
  /// Removes the files of a run and nothing else; then removes empty folders.
  func removeContents() throws {
    for folder in ["images", "checkpoints", "tensorboard", ""] {
      let place = folder.isEmpty ? path : "\(path)/\(folder)"
      for name in names(in: place)
      where Self.isOwn(name, in: folder) || Self.isTemporary(name) {
        try FileManager.default.removeItem(atPath: "\(place)/\(name)")
      }
      // Fails if other files remain, which are kept.
      if !folder.isEmpty { rmdir(place) }
    }
  }

  /// Removes unfinished files of a killed process.
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
      ].contains(name) || name.wholeMatch(of: /replay-(step|validation)-\d+\.safetensors/) != nil
    }
  }

  /// Whether it is a temporary name of `OutputFile`.
  private static func isTemporary(_ name: String) -> Bool {
    name.wholeMatch(of: /\..+\.\d+-\d+/) != nil
  }
}
