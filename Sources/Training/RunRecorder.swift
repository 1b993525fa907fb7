import Foundation
import Recipes
import Reports

/// Writes what a trainer tells into the run's folder.
package final class RunRecorder {
  package let folder: RunFolder
  private let owner: RunOwner
  private var environment: RunEnvironment
  /// The metadata of every weights file.
  private let texts: [String: String]
  private let keep: Int
  private let metrics: LineLog
  /// The epoch of the least validation loss so far.
  private var best: (epoch: Int, loss: Double)?
  /// What the last checkpoint was of.
  private var last: (weights: Weights, epoch: Int, best: BestEpoch?)?
  /// Where the last checkpoint lies.
  package private(set) var checkpoint: String?
  /// Where a step lies that was not finite.
  package private(set) var replay: String?
  /// What went wrong and ends no run, each once.
  package private(set) var notes: [String] = []

  /// - Parameters:
  ///   - recipe: the text of `recipe.yaml`.
  ///   - keep: how many checkpoints stay.
  ///   - epochs: how many lines of `metrics.jsonl` stay: those of the state that is gone on from.
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
    // GalleryRecorder draws.
    case .progress, .pictures, .step: break
    case .epoch(let report):
      metrics.append(report.line)
      if let failure = metrics.failure { note("\(failure)") }
      if let validation = report.validation { noteValidation(report.epoch, validation.loss) }
    case .checkpoint(let state):
      // Lines that are not on the disk yet would be missed by who goes on from this state.
      try metrics.sync()
      last = (state.weights, state.epoch, state.best)
      checkpoint = try write(state)
    case .fault(let step):
      let path = folder.replay(ofStep: step.facts.step)
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

  /// Leaves the weights of a run that failed: the best epoch's, or the last that were good.
  /// - Returns: the epoch that they are of; `nil` where there are none.
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

  /// Notes how the run ended.
  package func end(_ state: RunEnvironment.State) throws {
    environment.state = state
    environment.changed = Date()
    try AtomicFile.write(environment.text(), to: folder.environment)
  }

  /// Writes a checkpoint; then the oldest go, until `keep` are left, and never this one or the best
  /// epoch's.
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

  /// A disk may have room again a moment later.
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
  /// As JSON on one line, fields by name.
  fileprivate func compactJSON() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
