import Analyses
import Datasets
import Plans
import Recipes
import Reports
import Training

/// A trained model with the examples of a report.
package struct Asked {
  let model: TrainedModel
  let shown: ShownExamples
  /// The training examples, loaded as the model's feed `.training`; else why they are missing.
  let training: Result<Examples, any Error>
  /// How images are drawn; `nil` if the examples are not images.
  let grid: ImageGrid?
  /// The name of each value of an example.
  let names: [String]
  let subject: Subject

  package init(
    _ model: TrainedModel, _ shown: ShownExamples, training: Result<Examples, any Error>,
    grid: ImageGrid?, names: [String], subject: Subject
  ) {
    (self.model, self.shown, self.training) = (model, shown, training)
    (self.grid, self.names, self.subject) = (grid, names, subject)
  }

  var recipe: Recipe { model.recipe }
  var count: Int { shown.examples.count }

  /// An example on the scale of the data.
  func original(ofRow row: Int) -> [Float] {
    let scaling = FeatureScaling(byteScale: recipe.preparation.byteScale)
    return restored(scaling.apply(to: shown.examples[row..<row + 1]))
  }

  /// Values on the scale of the data.
  func restored(_ values: [Float]) -> [Float] {
    shown.scaling.map { $0.restored(values).map { Float($0) } } ?? values
  }

  /// The name of an example: its row from 0, its label, its file.
  func name(ofRow row: Int) -> String {
    var parts = ["\(shown.examples.windows == nil ? "row" : "window") \(Numbers.grouped(row))"]
    if let name = shown.examples.names?[row] { parts.append(name) }
    if let label = label(ofRow: row) { parts.append(label) }
    return parts.joined(separator: ", ")
  }

  private func label(ofRow row: Int) -> String? {
    guard let label = shown.examples.labels?[row] else { return nil }
    guard let names = shown.labelNames, names.indices.contains(Int(label)) else {
      return "\(label)"
    }
    return names[Int(label)]
  }
}

extension RunReport {
  /// Computes every part of the report that applies to the model.
  package mutating func ask(_ asked: Asked, on device: DeviceInformation) {
    measured = .found(
      Measured(
        data: asked.shown.data, split: asked.shown.split.rawValue, count: asked.count,
        areWindows: asked.shown.examples.windows != nil, device: device))
    evaluation = Finding { try asked.evaluated() }
    let codes = Result { try asked.collectedCodes() }
    baseline = Finding { try asked.baseline(rows: codes.get().rows) }
    reconstructions = Finding { try asked.reconstructions() }
    self.codes = Finding { try asked.codeMap(codes.get()) }
    samples = Finding { try asked.samples() }
    traversals = Finding {
      try asked.traversals(codes.get(), divergences: evaluation.value?.report.klByUnit)
    }
    codeUse = Finding { try asked.codeUse() }
    anomalies = Finding { try asked.anomalies() }
  }
}

extension Asked {
  func evaluated() throws -> RunReport.Evaluated {
    let byteScale = recipe.preparation.byteScale
    let (report, window) = try model.evaluation(
      of: subject, imageShape: shown.imageShape,
      range: shown.examples.imageRange(byteScale: byteScale))
    return RunReport.Evaluated(
      report: report, scale: shown.scaleText(byteScale: byteScale),
      window: window.flatMap { $0 < StructuralSimilarity.usualWindow ? $0 : nil })
  }

  func codeUse() throws -> CodeUsage? {
    guard let codebook = recipe.model.codebook else { return nil }
    var usage = CodeUsage(count: codebook.codes)
    try model.encode(outputs: ["indices"]) { usage.add($1["indices"]!) }
    return usage
  }
}
