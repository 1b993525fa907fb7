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
  let path: String
  let recipe: Recipe
  private let weights: Weights
  private let options: RunOptions
  private let backend: any Backend
  private lazy var loaded = Result { try TrainingData(recipe, directory: options.dataDir) }

  init(_ options: RunOptions) throws {
    self.options = options
    path = options.run
    recipe = try RecipeDocument(named: path + "/recipe.yaml").recipe()
    let file = path + "/weights.safetensors"
    weights = try Weights(
      Safetensors(path: file),
      layout: ParameterLayout(recipe.model.parameters().map { ($0.name, $0.shape) }),
      stateLayout: StateLayout(recipe.model.states().map { ($0.name, $0.shape) }), path: file)
    backend = try options.device.open(for: recipe)
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

  func model(
    _ recipe: Recipe? = nil, shown: Examples? = nil, training: Examples? = nil
  ) throws -> TrainedModel {
    let normalization = self.recipe.model.normalization
    let scaling = FeatureScaling(
      try loaded.get().training, byteScale: self.recipe.preparation.byteScale,
      shift: normalization.shift, factor: normalization.factor)
    return try TrainedModel(
      recipe ?? self.recipe, weights: weights, scaling: scaling, shown: shown, training: training,
      on: backend)
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
