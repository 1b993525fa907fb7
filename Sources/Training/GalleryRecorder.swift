import Datasets
import Foundation
import Recipes
import Reports

/// Draws what a run comes to: loss curves while it trains; codes, filters and two numbers at its
/// end.
///
/// | file in `images/` | what |
/// |---|---|
/// | `loss.csv`, `loss.png` | the loss after every epoch |
/// | `latent.csv`, `latent.png` | codes of the examples that judge, in two dimensions |
/// | `filters.png` | the weights of the first layer, where it sees images |
/// | `quality.json` | the numbers of `RunQuality` |
package struct GalleryRecorder {
  private let gallery: Gallery
  private let folder: RunFolder
  private let recipe: Recipe
  private let labelNames: [String]?
  private var lastPlot: ContinuousClock.Instant?
  /// What was drawn at the end.
  package private(set) var pictures: [String] = []
  /// Why a plot was not.
  package private(set) var notes: [String] = []
  package private(set) var quality: RunQuality?

  package init(_ folder: RunFolder, _ trainer: Trainer, _ data: TrainingData) {
    self.folder = folder
    recipe = trainer.recipe
    labelNames = data.sources.first?.labelNames
    gallery = Gallery(trainer, data)
  }

  /// Told of every event after the run's recorder, whose `metrics.jsonl` the loss curves show.
  package mutating func record(_ event: TrainingEvent) throws {
    switch event {
    case .epoch(let report) where report.epoch % recipe.pictures.every == 0:
      // gnuplot takes a tenth of a second, which some epochs do not.
      let now = ContinuousClock.now
      if let lastPlot, now - lastPlot < .seconds(5) { return }
      lastPlot = now
      _ = try LossPlot(title: recipe.name, rows: lossRows()).write(to: folder.images + "/loss")
    case .finished(let result):
      try finish(result.epochs)
    case .progress, .epoch, .pictures, .checkpoint: break
    }
  }

  private mutating func finish(_ epoch: Int) throws {
    note(try LossPlot(title: recipe.name, rows: lossRows()).write(to: folder.images + "/loss"))
    if let (weights, shape) = try gallery.filters() {
      var grid = ImageGrid(shape: shape)
      grid.scale = shape[0] < 16 ? 8 : 2
      let path = folder.images + "/filters.png"
      try AtomicFile.write(PNG.encode(grid.filters(weights, count: 100)), to: path)
      pictures.append(path)
    }
    guard gallery.shown.count > 2 else { return }
    let error = try gallery.meanSquaredError()
    let (codes, size) = try gallery.codes()
    var quality = RunQuality(
      epoch: epoch, examples: gallery.shown.count, meanSquaredError: error, peak: gallery.peak,
      codes: codes, size: size, labels: gallery.shown.labels)
    quality.principalError = try draw(codes, size)
    try AtomicFile.write(quality.json, to: folder.images + "/quality.json")
    self.quality = quality
  }

  /// Codes of more than two numbers by their first two principal components; those of so many
  /// numbers that this would take longer than the training are not drawn.
  /// - Returns: the squared error of PCA, where that stands beside.
  private mutating func draw(_ codes: [Float], _ size: Int) throws -> Double? {
    guard (2...Self.largestCode).contains(size), codes.allSatisfy(\.isFinite) else { return nil }
    var title = "\(recipe.name): codes of \(gallery.shown.count) examples"
    var points = codes
    if size > 2 {
      points = try PCA(codes, featureCount: size, components: 2).coordinates(codes, axes: 2)
      title += ", first two principal components"
    }
    var plot = scatter(title, points)
    guard recipe.pictures.style == .codesBesidePCA, gallery.shown.featureCount >= 2 else {
      if size > 2 { plot.axes = ["first", "second"] }
      note(try plot.write(to: folder.images + "/latent"))
      return nil
    }
    plot.title = "autoencoder"
    let principal = try gallery.principalComponents(size)
    let pair = ScatterPair(left: plot, right: scatter("PCA", principal.points))
    note(try pair.write(to: folder.images + "/latent"))
    return principal.error
  }

  private static let largestCode = 256

  private func scatter(_ title: String, _ points: [Float]) -> ScatterPlot {
    ScatterPlot(
      title: title, points: points, labels: gallery.shown.labels, labelNames: labelNames)
  }

  private mutating func note(_ outcome: PlotOutcome) {
    switch outcome {
    case .drawn(_, let png): pictures.append(png)
    // The same reason once: it is gnuplot's absence, mostly.
    case .numbersOnly: if notes.isEmpty { notes += [outcome.note].compactMap { $0 } }
    }
  }

  /// The epochs of `metrics.jsonl`, those from before a run was resumed included.
  private func lossRows() throws -> [LossPlot.Row] {
    try String(contentsOfFile: folder.metrics, encoding: .utf8).split(separator: "\n")
      .compactMap { line in
        let report = try JSON(parsing: Array(line.utf8)[...])
        guard let epoch = report["epoch"]?.double, let loss = report["train"]?["loss"]?.double
        else { return nil }
        return LossPlot.Row(
          epoch: Int(epoch), training: loss, validation: report["validation"]?["loss"]?.double)
      }
  }
}

extension JSON {
  fileprivate var double: Double? { if case .number(let text) = self { Double(text) } else { nil } }
}

/// The numbers that stand beside a run's pictures, over the examples that judge it, at most the
/// first `Gallery.largestCount`.
package struct RunQuality: Hashable, Sendable {
  package let epoch: Int
  package let examples: Int
  /// Over all values of the reconstructions.
  package let meanSquaredError: Double
  /// In decibels, `10 log₁₀(peak² / MSE)`; `nil` where examples are no images.
  package let peakSignalToNoise: Double?
  /// The share of codes whose nearest neighbour has the same label; `nil` without labels.
  package let sharedNeighbours: Double?
  /// How many codes that is judged among, the first ones.
  package let neighbourExamples: Int?
  /// The same squared error of as many principal components as a code has numbers, where PCA stands
  /// beside the codes.
  package internal(set) var principalError: Double?

  init(
    epoch: Int, examples: Int, meanSquaredError: Double, peak: Double?, codes: [Float], size: Int,
    labels: [Int32]?
  ) {
    self.epoch = epoch
    self.examples = examples
    self.meanSquaredError = meanSquaredError
    peakSignalToNoise = peak.map { 10 * log10($0 * $0 / meanSquaredError) }
    guard let labels, size > 0 else {
      (sharedNeighbours, neighbourExamples) = (nil, nil)
      return
    }
    let most = Int((Double(Gallery.neighbourSteps) / Double(size)).squareRoot())
    let count = min(examples, max(most, 2))
    neighbourExamples = count
    sharedNeighbours = Quality.sharedNeighbours(
      Array(codes.prefix(count * size)), size: size, labels: Array(labels.prefix(count)))
  }

  /// The contents of `quality.json`; a number that is not finite is left out.
  var json: String {
    var fields = ["\"epoch\": \(epoch)", "\"examples\": \(examples)"]
    for (name, value) in [
      ("meanSquaredError", meanSquaredError), ("peakSignalToNoise", peakSignalToNoise),
      ("sharedNeighbours", sharedNeighbours), ("principalComponentsError", principalError),
    ] {
      if let value, value.isFinite { fields.append("\"\(name)\": \(value)") }
    }
    if let neighbourExamples { fields.append("\"neighbourExamples\": \(neighbourExamples)") }
    return "{\n  " + fields.joined(separator: ",\n  ") + "\n}\n"
  }
}
