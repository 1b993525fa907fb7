import Datasets
import Foundation
import Recipes
import Reports

/// Draws the results of a run: reconstructions, samples and loss curves during training; codes,
/// filters and some numbers at the end.
///
/// | file in `images/` | contents |
/// |---|---|
/// | `reconstructions-epoch-NNNN.png`, `samples-epoch-NNNN.png` | pictures after the epochs in the
/// recipe |
/// | `loss.csv`, `loss.png` | the loss after every epoch |
/// | `latent.csv`, `latent.png` | codes of the validation examples, in two or three dimensions |
/// | `filters.png` | the weights of the first layer, if it reads images |
/// | `quality.json` | the numbers of `RunQuality` |
///
/// A picture that fails does not end the run: it leaves a note.
package struct GalleryRecorder {
  private let gallery: Gallery
  private let shouldStop: () -> Bool
  private let folder: RunFolder
  private let recipe: Recipe
  private let labelNames: [String]?
  private var lastPlot = ContinuousClock.now
  /// The epochs so far, also those before the run was resumed; read once.
  private var rows: [LossPlot.Row]?
  /// The newest file of each kind.
  package private(set) var pictures: [String] = []
  /// The epochs of reconstructions and samples.
  package private(set) var pictureEpochs: [Int] = []
  /// Why something was not drawn, or only for some examples.
  package private(set) var notes: [String] = []
  package private(set) var quality: RunQuality?

  /// - Parameter shouldStop: checked while the model is evaluated.
  package init(
    _ folder: RunFolder, _ trainer: Trainer, _ data: TrainingData,
    shouldStop: @escaping () -> Bool = { false }
  ) {
    self.shouldStop = shouldStop
    self.folder = folder
    recipe = trainer.recipe
    labelNames = data.sources.first?.labelNames
    gallery = Gallery(trainer, data, shouldStop: shouldStop)
  }

  /// Receives every event after the run's recorder, whose `metrics.jsonl` the loss curves show.
  package mutating func record(_ event: TrainingEvent) {
    switch event {
    case .epoch(let report):
      noteEpoch(report)
      // gnuplot takes a tenth of a second, longer than a short epoch.
      guard ContinuousClock.now - lastPlot >= .seconds(5) else { return }
      attempt { this in try this.plotLoss() }
      lastPlot = .now
    case .pictures(let data):
      attempt { this in try this.draw(data) }
    case .finished(let result):
      attempt { this in
        // Read again if a finished run is resumed.
        if this.rows == nil { this.rows = this.recordedRows() }
        try this.plotLoss()
      }
      attempt { this in try this.drawFilters() }
      attempt { this in
        if this.shouldStop() { throw Gallery.Stopped() }
        do {
          try this.judge(result.epoch)
        } catch let error where !(error is Gallery.Stopped) {
          this.note("the run is not judged in full: \(error)")
        }
      }
    case .progress, .step, .checkpoint, .fault: break
    }
  }

  /// Notes each failure once; a missing gnuplot or a full disk would fail again and again.
  private mutating func attempt(_ draw: (inout Self) throws -> Void) {
    do { try draw(&self) } catch { note("\(error)") }
  }

  private mutating func note(_ sentence: String) {
    if !notes.contains(sentence) { notes.append(sentence) }
  }

  // MARK: During training

  private mutating func draw(_ data: PictureData) throws {
    var grid = ImageGrid(shape: data.imageShape)
    if let range = gallery.range { grid.range = Float(range.lowerBound)...Float(range.upperBound) }
    let name = RunFolder.name(ofEpoch: data.epoch)
    pictures.removeAll { $0.contains("-epoch-") }
    pictureEpochs.append(data.epoch)
    if let pairs = data.reconstructions {
      let picture = grid.picture(pairs, recipe.pictures.style)
      try write(picture, "reconstructions-\(name)")
    }
    if let samples = data.samples { try write(grid.samples(samples), "samples-\(name)") }
  }

  private mutating func write(_ picture: Picture, _ name: String) throws {
    let path = "\(folder.images)/\(name).png"
    try AtomicFile.write(PNG.encode(picture), to: path)
    pictures.append(path)
  }

  private mutating func noteEpoch(_ report: EpochReport) {
    guard rows != nil else {
      rows = recordedRows()
      return
    }
    rows?.append(
      LossPlot.Row(
        epoch: report.epoch, training: report.training.loss, validation: report.validation?.loss))
  }

  private mutating func plotLoss() throws {
    let plot = LossPlot(title: recipe.name, rows: rows ?? [])
    take(try plot.write(to: folder.images + "/loss"))
  }

  /// The epochs of `metrics.jsonl`.
  private func recordedRows() -> [LossPlot.Row] {
    folder.reports().map {
      LossPlot.Row(
        epoch: $0.epoch, training: $0.training.loss, validation: $0.validation?.loss)
    }
  }

  private mutating func take(_ outcome: PlotOutcome) {
    switch outcome {
    case .drawn(_, let png): if !pictures.contains(png) { pictures.append(png) }
    case .numbersOnly(_, let reason):
      // Each reason once: mostly it is that gnuplot is missing.
      if !notes.contains(where: { $0.hasSuffix(reason) }), let sentence = outcome.note {
        notes.append(sentence)
      }
    }
  }

  // MARK: At the end

  private mutating func drawFilters() throws {
    guard let (weights, shape) = try gallery.filters() else { return }
    var grid = ImageGrid(shape: shape)
    grid.scale = shape[0] < 16 ? 8 : 2
    try write(grid.filters(weights, count: 100), "filters")
  }

  private mutating func judge(_ epoch: Int) throws {
    guard gallery.shown.count > 2 else {
      note(
        "no codes are drawn and no quality is measured: too few examples, \(gallery.shown.count)"
      )
      return
    }
    let errors = try gallery.meanSquaredErrors()
    let found = try gallery.codes()
    let (codes, size) = (found.values, found.size)
    var quality = RunQuality(
      epoch: epoch, examples: gallery.shown.count, isOfTraining: gallery.showsTraining,
      meanSquaredError: errors.own, range: gallery.range, codes: codes, size: size,
      labels: gallery.shown.labels)
    let dead = try gallery.deadUnits()
    quality.health = RunHealth(
      meanSquaredError: errors.own, errorOfMean: errors.ofMean, codes: codes, size: size,
      divergences: found.divergences, deadUnits: dead?.units, deadAmong: dead?.examples ?? 0)
    quality.principal = try draw(codes, size).map {
      RunQuality.Principal(
        components: $0.count, examples: $0.examples, meanSquaredError: $0.error)
    }
    try AtomicFile.write(quality.json, to: folder.images + "/quality.json")
    self.quality = quality
  }

  /// Draws codes of two or three numbers directly, longer ones by their first two principal
  /// components. Very long codes, for which that would take longer than the training, are not
  /// drawn.
  /// - Returns: the result of PCA, if it is asked for.
  private mutating func draw(
    _ codes: [Float], _ size: Int
  ) throws -> Gallery.PrincipalComponents? {
    guard Self.codeSizes.contains(size) else {
      note(
        "latent.png is not drawn: expected codes of \(Self.codeSizes.lowerBound) to "
          + "\(Self.codeSizes.upperBound) numbers, received \(Numbers.grouped(size))")
      return nil
    }
    guard codes.allSatisfy(\.isFinite) else {
      note("latent.png is not drawn: not every code is finite")
      return nil
    }
    let axes = size == 3 ? ["x", "y", "z"] : size == 2 ? ["x", "y"] : ["first", "second"]
    var title = "\(recipe.name): codes of \(gallery.shown.count) examples"
    if size > 3 { title += ", first two principal components" }
    let points =
      size <= 3
      ? codes : try PCA(codes, featureCount: size, components: 2).coordinates(codes, axes: 2)
    let latent = folder.images + "/latent"
    guard recipe.pictures.style == .codesBesidePCA, gallery.shown.featureCount >= 2 else {
      var plot = scatter(title, axes, points)
      if recipe.pictures.style == .codesOverPrior, size <= 3 {
        let drawn = recipe.model.priorCodes(
          count: Self.priorCount, units: size, seed: recipe.seed, temperature: 1)
        plot.background = ("prior", drawn)
      }
      take(try plot.write(to: latent))
      return nil
    }
    let principal = try gallery.principalComponents(size, axes: axes.count)
    let pair = ScatterPair(
      left: scatter("autoencoder", size > 3 ? ["x", "y"] : axes, points),
      right: scatter("PCA", Array(["x", "y", "z"].prefix(axes.count)), principal.points))
    take(try pair.write(to: latent))
    return principal
  }

  private static let codeSizes = 2...256
  /// The number of draws of the prior that are shown with the codes.
  private static let priorCount = 5000

  private func scatter(_ title: String, _ axes: [String], _ points: [Float]) -> ScatterPlot {
    ScatterPlot(
      title: title, axes: axes, points: points, labels: gallery.shown.labels,
      labelNames: labelNames)
  }
}
