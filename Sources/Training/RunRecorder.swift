import Foundation
import Recipes
import Reports

/// Writes the events of a trainer to the run folder.
package final class RunRecorder {
  package let folder: RunFolder
  private let owner: RunOwner
  private var environment: RunEnvironment
  /// The metadata of every weights file.
  private let texts: [String: String]
  private let keep: Int
  private let metrics: LineLog
  /// The epoch with the lowest validation loss so far.
  private var best: (epoch: Int, loss: Double)?
  /// The contents of the last checkpoint.
  private var last: (weights: Weights, epoch: Int, best: BestEpoch?)?
  /// The path of the last checkpoint.
  package private(set) var checkpoint: String?
  /// The file of a step, or of a batch of the validation, that was not finite.
  package private(set) var replay: String?
  /// Problems that did not end the run, each once.
  package private(set) var notes: [String] = []

  /// - Parameters:
  ///   - recipe: the text of `recipe.yaml`.
  ///   - keep: the number of checkpoints to keep.
  ///   - epochs: the number of lines of `metrics.jsonl` to keep: those up to the resumed state.
  package init(
    _ owner: RunOwner, recipe: String, environment: RunEnvironment, keep: Int,
    keepingEpochs epochs: Int = 0
  ) throws {
    self.owner = owner
    folder = owner.folder
    self.environment = environment
    self.keep = keep
    metrics = try LineLog(owner.folder.metrics, keeping: epochs)
    texts = try environment.weightsTexts(recipe: recipe)
    for report in owner.folder.reports() {
      if let validation = report.validation { noteValidation(report.epoch, validation.loss) }
    }
  }

  package func record(_ event: TrainingEvent) throws {
    switch event {
    // GalleryRecorder draws the pictures.
    case .progress, .pictures, .step: break
    case .epoch(let report):
      metrics.append(report.line)
      if let failure = metrics.failure { note("\(failure)") }
      if let validation = report.validation { noteValidation(report.epoch, validation.loss) }
    case .checkpoint(let state):
      // A run resumed from this state needs the lines on the disk.
      try metrics.sync()
      last = (state.weights, state.epoch, state.best)
      checkpoint = try write(state)
    case .fault(let step):
      let path = folder.replay(of: step.facts)
      let file = try step.file(texts)
      try twice { try file.write(to: path) }
      replay = path
    case .finished(let result):
      try metrics.sync()
      try write(result.weights, ofEpoch: result.epoch)
      if keep == 0 {
        for epoch in folder.checkpointEpochs() {
          try? FileManager.default.removeItem(atPath: folder.checkpoint(ofEpoch: epoch))
        }
      }
    }
  }

  /// Keeps the weights of a failed run: those of the best epoch, or the last good ones.
  /// - Returns: their epoch; `nil` if there are none.
  package func keepWeights() throws -> Int? {
    guard let last else { return nil }
    let epoch = last.best?.epoch ?? last.epoch
    try write(last.best?.weights ?? last.weights, ofEpoch: epoch)
    return epoch
  }

  private func write(_ weights: Weights, ofEpoch epoch: Int) throws {
    var texts = texts
    texts["epoch"] = String(epoch)
    let file = Safetensors(tensors: weights.tensors(), metadata: texts)
    try twice { try file.write(to: folder.weights) }
  }

  /// Records how the run ended.
  package func end(_ state: RunEnvironment.State) throws {
    environment.state = state
    environment.changed = Date()
    try AtomicFile.write(environment.text(), to: folder.environment)
  }

  /// Writes a checkpoint, then removes the oldest until `keep` are left, but never this one or that
  /// of the best epoch.
  /// - Returns: its path.
  private func write(_ checkpoint: Checkpoint) throws -> String {
    let path = folder.checkpoint(ofEpoch: checkpoint.fileEpoch)
    let file = checkpoint.file(texts)
    try twice { try file.write(to: path) }
    for old in folder.checkpointEpochs().dropFirst(max(keep, 1))
    where old != checkpoint.fileEpoch && old != best?.epoch {
      try? FileManager.default.removeItem(atPath: folder.checkpoint(ofEpoch: old))
    }
    return path
  }

  /// Tries again, as a disk may have space a moment later.
  private func twice(_ write: () throws -> Void) throws {
    do {
      try write()
    } catch {
      Thread.sleep(forTimeInterval: 0.5)
      try write()
    }
  }

  private func noteValidation(_ epoch: Int, _ loss: Double) {
    if best.map({ loss < $0.loss }) ?? true { best = (epoch, loss) }
  }

  private func note(_ sentence: String) {
    if !notes.contains(sentence) { notes.append(sentence) }
  }
}

extension RunEnvironment {
  /// The metadata of the run's weights files: what made them, and what they need of the data.
  package func weightsTexts(recipe: String) throws -> [String: String] {
    var texts = [
      "format": "aegpu 2", "recipe": recipe, "version": version, "device": device.name,
      "driver": device.driver,
    ]
    texts["data"] = try model?.compactJSON()
    texts["products"] = products.isEmpty ? nil : try products.compactJSON()
    texts["schedule"] = tuning?.schedule
    return texts
  }
}

extension Encodable {
  /// As JSON in one line, with sorted fields.
  fileprivate func compactJSON() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
