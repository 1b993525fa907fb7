import Datasets
import Layers
import Recipes

/// The examples of a run: training and validation examples.
package struct TrainingData: Sendable {
  /// Never doubles: these are scaled when they are read. They may be stored, as may those of the
  /// validation.
  package let training: Examples
  package let validation: Examples?
  /// The training examples, or the first of them if they are stored.
  package let sample: Examples
  /// The examples that are drawn and measured: the first of those of the validation if these are
  /// stored, else all of them; without a validation `sample`.
  package let shown: Examples
  /// The data sets of these examples.
  package let sources: [Dataset]
  /// The scaling of examples when they are read; `nil` if the device scales them.
  package let scaling: FeatureScaling?
  /// The rows of the data set, after its limit, that were held out for validation; `nil` if there
  /// is other validation data, or none.
  package let heldOutRows: [Int]?
  /// What was read, skipped, filled in, held out and scaled: one line each; the first line always
  /// exists.
  package internal(set) var summary: [String] = []

  /// Whether the model must not normalize, because the examples are already scaled.
  package var isScaled: Bool { scaling != nil }

  package init(
    training: Examples, validation: Examples?, sources: [Dataset] = []
  ) throws(DatasetError) {
    try self.init(
      training: training, validation: validation, sources: sources, scaling: nil, heldOutRows: nil)
  }

  private init(
    training: Examples, validation: Examples?, sources: [Dataset], scaling: FeatureScaling?,
    heldOutRows: [Int]?
  ) throws(DatasetError) {
    sample = try training.sample()
    shown = try validation?.sample() ?? sample
    self.training = training
    self.validation = validation
    self.sources = sources
    self.scaling = scaling
    self.heldOutRows = heldOutRows
  }

  /// Training examples are limited first; then a fraction may be held out for validation. Another
  /// data set is used for validation by its test examples, if it has some.
  /// - Parameters:
  ///   - data: the data set of `recipe.data`.
  ///   - directory: a folder to search for data sets before the usual ones.
  ///   - memory: how much memory the run may have.
  init(_ recipe: Recipe, _ data: Dataset, directory: String?, memory: MemoryLimit) throws {
    var training = recipe.limit.map { data.training.prefix($0) } ?? data.training
    var validation: Examples?
    var heldOut: [Int]?
    var labelNames = data.labelNames
    var other: Dataset?
    switch recipe.validation {
    case .none: break
    case .test: validation = data.test
    case .fraction(let fraction):
      let rows = try training.heldOut(fraction: fraction, seed: recipe.seed)
      heldOut = rows
      (training, validation) = training.split(holdingOut: rows)
    case .last(let fraction):
      let count = training.count
      (training, validation) = try training.split(last: fraction)
      // Windows that cross the split are in neither part.
      heldOut = training.windows == nil ? Array(training.count..<count) : nil
    case .data(let name):
      let later = try recipe.loadLaterData(
        name, featureNames: data.featureNames, directory: directory, streaming: memory)
      other = later
      // If only the shapes differ (rows of pixels and images), labels are used unchanged.
      if later.training.shape == data.training.shape {
        (validation, labelNames) = try data.matching(later)
      } else {
        validation = later.test ?? later.training
      }
    }
    let validationName = other?.name ?? data.name
    let fills =
      recipe.dataOptions.missing == .mean
      && (training.hasMissing || validation?.hasMissing == true)
    training = try training.measured(for: recipe, fills: fills)
    let sources = [data.withoutExamples(labelNames)] + [other?.withoutExamples()].compactMap(\.self)

    let scaling = FeatureScaling(
      reading: training, validation, fills: fills, recipe)
    if let scaling = scaling ?? (training.areScaledAsRead ? FeatureScaling() : nil) {
      training = try scaling.scaled(training, name: data.name, featureNames: data.featureNames)
    }
    if let scaling = scaling ?? (validation?.areScaledAsRead == true ? FeatureScaling() : nil) {
      validation = try validation.map {
        try scaling.scaled($0, name: validationName, featureNames: data.featureNames)
      }
    }
    validation = try validation?.loadedIfSmall(memory)
    try self.init(
      training: training, validation: validation, sources: sources, scaling: scaling,
      heldOutRows: heldOut)
    try training.expectClasses(of: recipe.model, in: data.name)
    try validation?.expectClasses(of: recipe.model, in: validationName)
    try expectTargets(recipe, validationName: validationName)
    summary = describe(recipe, data, other)
  }
}

extension FeatureScaling {
  /// The scaling of examples when they are read, for data that a device cannot scale: doubles, and
  /// missing values to fill in; `nil` if the device scales them. Where the examples are makes no
  /// difference: a model is used with another amount of memory than it was trained with.
  fileprivate init?(
    reading training: Examples, _ validation: Examples?, fills: Bool, _ recipe: Recipe
  ) {
    let isDouble = training.areDoubles || validation?.areDoubles == true
    // Windows overlap and are normalized by column, so their rows are scaled once.
    let isSeries = training.windows != nil && recipe.preparation.normalization != .none
    guard isDouble || isSeries || fills else { return nil }
    let normalization = recipe.preparation.normalization
    self.init(
      training, byteScale: recipe.preparation.byteScale, shift: normalization.shift,
      factor: normalization.factor, fillsMissing: fills)
  }
}

extension Dataset {
  /// Its name, files, classes and features, which a run records.
  fileprivate func withoutExamples(_ labelNames: [String]? = nil) -> Dataset {
    Dataset(
      name: name, training: training.prefix(0), test: nil, files: files,
      labelNames: labelNames ?? self.labelNames, featureNames: featureNames, details: details,
      notes: notes)
  }
}
