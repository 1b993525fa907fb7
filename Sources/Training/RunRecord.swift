import Foundation
import Recipes

/// The results of a run, from its files, for a table of several runs.
package struct RunRecord: Sendable {
  package let saved: SavedRun
  /// For example `cpu (AMD EPYC)`.
  package let device: String
  package let data: String
  /// A description of the validation examples; equal texts mean equal examples.
  package let judgedBy: String
  /// The same for display, without the hashes that distinguish files.
  package let judgedOn: String
  /// The epoch of the losses; `seconds` is the duration of all epochs.
  package let epoch: Int
  package let seconds: Double
  /// By name, including `loss`.
  package let training: [String: Double]
  package let validation: [String: Double]?

  package init(
    _ saved: SavedRun, device: String, data: String, judgedBy: String, judgedOn: String,
    epoch: Int, seconds: Double, training: [String: Double], validation: [String: Double]?
  ) {
    (self.saved, self.device, self.data) = (saved, device, data)
    (self.judgedBy, self.judgedOn) = (judgedBy, judgedOn)
    (self.epoch, self.seconds, self.training, self.validation) =
      (epoch, seconds, training, validation)
  }

  /// Throws if a file is missing or is not a run's.
  package init(_ saved: SavedRun) throws {
    self.saved = saved
    let folder = RunFolder(saved.folder)
    let environment = try RunEnvironment(of: folder)
    let reports = folder.reports()
    let kept = Int(saved.epochOfWeights ?? "")
    guard let report = reports.last(where: { $0.epoch == kept }) ?? reports.last else {
      throw TrainingError.unreadable(path: folder.metrics, reason: "it has no epoch")
    }
    device = "\(environment.device.identifier) (\(environment.device.name))"
    data = environment.data.first?.name ?? saved.recipe.data ?? ""
    epoch = report.epoch
    seconds = reports.reduce(0) { $0 + $1.seconds }
    training = report.training.byName
    validation = report.validation?.byName
    judgedBy = Self.judgedBy(saved.recipe, environment.data, withHashes: true)
    judgedOn = Self.judgedBy(saved.recipe, environment.data, withHashes: false)
  }

  /// A description of the validation examples.
  /// - Parameter withHashes: whether to distinguish files by their contents.
  package static func judgedBy(
    _ recipe: Recipe, _ sources: [RunEnvironment.Data], withHashes: Bool
  ) -> String {
    func name(_ source: RunEnvironment.Data?) -> String {
      guard let source else { return recipe.data ?? "" }
      let files = withHashes ? source.files : []
      return source.name + files.map { " " + $0.sha256.prefix(8) }.joined()
    }
    switch recipe.validation {
    case .none: return "nothing"
    case .test: return "\(name(sources.first)), test"
    case .data: return name(sources.last)
    case .fraction(let share):
      let limit = recipe.limit.map { ", first \($0)" } ?? ""
      return "\(name(sources.first)), \(share) held out by seed \(recipe.seed)\(limit)"
    case .last(let share):
      let limit = recipe.limit.map { ", first \($0)" } ?? ""
      return "\(name(sources.first)), last \(share)\(limit)"
    }
  }
}

extension LossReport {
  /// The loss as `loss`, and its parts.
  fileprivate var byName: [String: Double] {
    Dictionary((parts + unweighted).map { ($0.name, $0.value) }) { $1 }
      .merging(["loss": loss]) { $1 }
  }
}
