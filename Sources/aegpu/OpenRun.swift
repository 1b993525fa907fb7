import Analyses
import ArgumentParser
import Datasets
import Graphs
import Layers
import Plans
import Recipes
import Reports
import Training

/// A run that a command opened: its model and ways to its data.
final class OpenRun {
  private let saved: SavedRun
  private let options: RunOptions
  private let backend: any Backend
  private lazy var loaded = Result { try RunInput(saved.recipe, directory: options.dataDir) }

  var recipe: Recipe { saved.recipe }
  var path: String { saved.folder }

  init(_ options: RunOptions) throws {
    self.options = options
    saved = try SavedRun(named: options.run)
    if let note = saved.note { Program.complain(note) }
    backend = try options.device.open(for: saved.recipe)
  }

  func shown(_ options: ShownOptions) throws -> ShownExamples {
    guard options.data == "-" else {
      return try loaded.get().shownExamples(
        options.data, split: options.split, directory: self.options.dataDir)
    }
    return try StandardInput.withFile { path in
      try loaded.get().shownExamples(path, split: options.split, directory: self.options.dataDir)
    }
  }

  /// The examples that trained.
  func training() throws -> ShownExamples {
    try loaded.get().shownExamples(split: .train, directory: options.dataDir)
  }

  /// - Parameter recipe: another than the run's, whose model has the same weights.
  func model(
    _ recipe: Recipe? = nil, shown: Examples? = nil, training: Examples? = nil
  ) throws -> TrainedModel {
    var recipe = recipe ?? self.recipe
    if try isScaled { recipe = recipe.withoutNormalization }
    return try TrainedModel(
      recipe, weights: saved.weights, scaling: scaling(of: recipe), shown: shown,
      training: training, on: backend)
  }

  /// Whether examples are scaled as they are read and not by the model.
  private var isScaled: Bool {
    get throws { try recipe.model.normalization != .none && loaded.get().data.isScaled }
  }

  /// Examples as those that trained came to the model: scaled where these were, and never doubles.
  func prepared(_ examples: Examples, name: String) throws -> Examples {
    if try isScaled, let scaling = try loaded.get().data.scaling {
      return try scaling.scaled(examples, name: name)
    }
    guard case .doubles = examples.elements else { return examples }
    return try FeatureScaling().scaled(examples, name: name)
  }

  /// What the model made of prepared examples, as a person would look at it.
  func restored(_ values: [Float]) throws -> [Float] {
    guard try isScaled, let scaling = try loaded.get().data.scaling else { return values }
    return scaling.restored(values).map { Float($0) }
  }

  /// Taken of the examples that trained, where the recipe asks for any.
  private func scaling(of recipe: Recipe) throws -> FeatureScaling {
    let normalization = recipe.model.normalization
    let byteScale = recipe.preparation.byteScale
    guard normalization != .none else { return FeatureScaling(byteScale: byteScale) }
    return FeatureScaling(
      try loaded.get().data.training, byteScale: byteScale, shift: normalization.shift,
      factor: normalization.factor)
  }

  func subject(_ shown: ShownExamples) -> Subject {
    Subject(run: path, data: shown.data, split: shown.split.rawValue)
  }

  /// What a JSON object says of what it is about.
  func facts(_ shown: ShownExamples) -> [(name: String, value: String)] {
    [("run", path), ("data", shown.data), ("split", shown.split.rawValue)]
  }

  /// How what the model makes is written.
  func facts(of shown: ShownExamples? = nil) -> ExampleFacts {
    let byteScale = recipe.preparation.byteScale
    // What values are called, and what was done to them, is known from the data alone.
    let isTable = recipe.model.input.rank == 1 && recipe.model.normalization != .none
    let data = isTable || shown != nil ? try? loaded.get().data : nil
    let featureNames = shown == nil ? data?.sources.first?.featureNames : shown?.featureNames
    // Without examples to go by, those of bytes.
    let range = shown?.restored.imageRange(byteScale: byteScale) ?? 0...255 * byteScale
    let imageShape = featureNames == nil ? recipe.inputImageShape : nil
    return ExampleFacts(
      imageShape: shown.map(\.imageShape) ?? imageShape, input: recipe.model.input,
      featureNames: featureNames, range: range, scaling: data?.scaling,
      pictureFolder: path + "/images", facts: shown.map(facts) ?? [("run", path)])
  }
}

extension ShownExamples {
  /// The examples as a person would look at them.
  fileprivate var restored: Examples {
    guard let scaling, case .floats(let values) = examples.elements else { return examples }
    return examples.with(
      elements: .floats(scaling.restored(values).map { Float($0) }), labels: examples.labels)
  }

  /// For a person: `digits, test`.
  var text: String { "\(data), \(split.rawValue)" }
}

extension ShownExamples.Split: ExpressibleByArgument {}
