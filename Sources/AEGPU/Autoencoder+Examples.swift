import Datasets
import Layers
import Recipes
import Training

/// Access to the examples that a model processes.
extension Autoencoder {
  var preparation: ExamplePreparation { ExamplePreparation(content.recipe, content.data) }

  /// The names of the training data's classes.
  package var classNames: [String]? { preparation.classNames }
  /// The name of each feature, if known.
  package var featureNames: [String]? { preparation.featureNames }
  /// The scaling of examples when they are read; `nil` if the model scales them.
  package var readScaling: FeatureScaling? { preparation.scaling }

  /// - Parameter recipe: a recipe in place of the run's, whose model has the same weights.
  package func model(
    _ recipe: Recipes.Recipe? = nil, shown: Examples? = nil, training: Examples? = nil
  ) throws -> TrainedModel {
    try TrainedModel(
      recipe ?? content.recipe, content.saved.weights, content.data, shown: shown,
      training: training, on: backend)
  }

  /// The run's examples, or others.
  /// - Parameters:
  ///   - name: the name or path of a data set; `nil`: the run's.
  ///   - split: `nil`: the test examples if there are any, else all.
  ///   - limit: larger examples stay in their files; `nil`: all are loaded.
  package func shown(
    named name: String?, split: ShownExamples.Split?, streaming limit: MemoryLimit? = nil
  ) throws -> ShownExamples {
    guard let name else {
      return try own(within: limit).shownExamples(
        split: split, directory: content.directory, streaming: limit)
    }
    return try preparation.examples(
      of: name, split: split, directory: content.directory, streaming: limit)
  }

  /// The training examples.
  package func training(streaming limit: MemoryLimit? = nil) throws -> ShownExamples {
    try shown(named: nil, split: .train, streaming: limit)
  }

  /// Examples that the caller provides; they may stay in their files.
  func shown(_ data: Dataset) throws -> ShownExamples {
    guard data.shape == exampleShape else {
      throw AutoencoderError(
        "\(data.name): expected examples of shape \(exampleShape), received \(data.shape)")
    }
    return try preparation.examples(of: data.content, .train)
  }

  /// The same in memory.
  func loaded(_ data: Dataset) throws -> ShownExamples {
    var shown = try shown(data)
    shown.examples = try shown.examples.loaded()
    return shown
  }

  /// Examples in the form of the training examples.
  package func prepared(_ examples: Examples, name: String) throws -> Examples {
    try preparation.prepared(examples, name: name)
  }

  /// The model's output for prepared examples, on the scale of the data.
  package func restored(_ values: [Float]) -> [Float] { preparation.restored(values) }

  /// The number of a class.
  /// - Parameters:
  ///   - name: the class's name or number.
  ///   - source: the option's name in the error.
  package func classNumber(_ name: String, of classes: Int, source: String) throws -> Int {
    let names = Array((classNames ?? []).prefix(classes))
    if let found = names.firstIndex(of: name) { return found }
    if let number = Int(name), 0..<classes ~= number { return number }
    let known =
      names.isEmpty
      ? "a number from 0 to \(classes - 1)" : "one of " + names.joined(separator: ", ")
    throw AutoencoderError("\(source): expected \(known), received \(name)")
  }
}
