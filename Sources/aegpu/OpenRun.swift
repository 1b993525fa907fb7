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
      return try recipe.shownExamples(
        options.data, split: options.split, directory: self.options.dataDir)
    }
    return try StandardInput.withFile { path in
      try recipe.shownExamples(path, split: options.split, directory: self.options.dataDir)
    }
  }

  /// The examples that trained.
  func training() throws -> ShownExamples {
    try recipe.shownExamples(split: .train, directory: options.dataDir)
  }

  /// - Parameter recipe: another than the run's, whose model has the same weights.
  func model(
    _ recipe: Recipe? = nil, shown: Examples? = nil, training: Examples? = nil
  ) throws -> TrainedModel {
    try TrainedModel(
      recipe ?? self.recipe, weights: saved.weights, scaling: scaling(), shown: shown,
      training: training, on: backend)
  }

  /// Taken of the examples that trained, where the recipe asks for any.
  private func scaling() throws -> FeatureScaling {
    let normalization = recipe.model.normalization
    let input = recipe.model.input
    let training =
      normalization == .none
      ? Examples(
        count: 1, shape: input.dimensions,
        elements: .bytes([UInt8](repeating: 0, count: input.count)))
      : try self.training().examples
    return FeatureScaling(
      training, byteScale: recipe.preparation.byteScale, shift: normalization.shift,
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
    // Without examples to go by, those of bytes.
    let range = shown?.examples.imageRange(byteScale: byteScale) ?? 0...255 * byteScale
    return ExampleFacts(
      imageShape: shown?.imageShape ?? recipe.inputImageShape, input: recipe.model.input,
      featureNames: shown?.featureNames, range: range, pictureFolder: path + "/images",
      facts: shown.map(facts) ?? [("run", path)])
  }
}

extension ShownExamples {
  /// For a person: `digits, test`.
  var text: String { "\(data), \(split.rawValue)" }
}

extension ShownExamples.Split: ExpressibleByArgument {}
