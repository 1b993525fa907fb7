import Datasets
import Layers
import Recipes
import Training

/// What questions about a model are about, as it takes them.
extension Autoencoder {
  var preparation: ExamplePreparation { ExamplePreparation(content.recipe, content.data) }

  /// What the classes of the data that trained are called.
  package var classNames: [String]? { preparation.classNames }
  /// What each feature is called, where that is known.
  package var featureNames: [String]? { preparation.featureNames }
  /// What scales examples as they are read; `nil` where the model does so.
  package var readScaling: FeatureScaling? { preparation.scaling }

  /// - Parameter recipe: another than the run's, whose model has the same weights.
  package func model(
    _ recipe: Recipes.Recipe? = nil, shown: Examples? = nil, training: Examples? = nil
  ) throws -> TrainedModel {
    try TrainedModel(
      recipe ?? content.recipe, content.saved.weights, content.data, shown: shown,
      training: training, on: backend)
  }

  /// The run's own examples, or others.
  /// - Parameters:
  ///   - name: a data set's name or path; `nil`: the run's own.
  ///   - split: `nil`: the test examples where there are any, else all.
  package func shown(named name: String?, split: ShownExamples.Split?) throws -> ShownExamples {
    guard let name else {
      return try own.get().shownExamples(split: split, directory: content.directory)
    }
    return try preparation.examples(of: name, split: split, directory: content.directory)
  }

  /// The examples that trained.
  package func training() throws -> ShownExamples { try shown(named: nil, split: .train) }

  /// Examples that a program has.
  func shown(_ data: Dataset) throws -> ShownExamples {
    guard data.shape == exampleShape else {
      throw AutoencoderError(
        "\(data.name): expected examples of shape \(exampleShape), received \(data.shape)")
    }
    return try preparation.examples(of: data.content, .train)
  }

  /// Examples as those that trained came to the model.
  package func prepared(_ examples: Examples, name: String) throws -> Examples {
    try preparation.prepared(examples, name: name)
  }

  /// What the model made of prepared examples, as a person would look at it.
  package func restored(_ values: [Float]) -> [Float] { preparation.restored(values) }

  /// The number of a class.
  /// - Parameters:
  ///   - name: its name or number.
  ///   - source: for the error.
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
