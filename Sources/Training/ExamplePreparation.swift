import Datasets
import Recipes

/// Reads and scales other examples for a model in the same way as its training examples. It is made
/// from the run's data, or from their description in the run.
package struct ExamplePreparation: Sendable {
  private let recipe: Recipe
  /// The name of each feature, if known.
  package let featureNames: [String]?
  /// The name of each class, if known.
  package let classNames: [String]?
  /// The scaling of examples when they are read; `nil` if the model scales them.
  package let scaling: FeatureScaling?

  package init(_ input: RunInput) {
    recipe = input.recipe
    featureNames = input.data.sources[0].featureNames
    classNames = input.data.sources[0].labelNames
    scaling = input.data.scaling
  }

  /// - Parameter recipe: the recipe in the run's file.
  package init(_ recipe: Recipe, _ kept: DataDescription) {
    self.recipe = recipe
    featureNames = kept.columns
    classNames = kept.classes
    scaling = kept.isScaledAsRead == true ? kept.scaling : nil
  }

  /// Examples in the form of the training examples: scaled if these were scaled when read, and
  /// never doubles.
  /// - Parameters:
  /// - name: the name of the data in messages.
  /// - featureNames: the names of the features in messages.
  package func prepared(
    _ examples: Examples, name: String, featureNames: [String]? = nil
  ) throws(DatasetError) -> Examples {
    if let scaling {
      return try scaling.scaled(examples, name: name, featureNames: featureNames)
    }
    guard examples.areScaledAsRead else { return examples }
    return try FeatureScaling().scaled(examples, name: name, featureNames: featureNames)
  }

  /// The model's output for prepared examples, on the scale of the data.
  package func restored(_ values: [Float]) -> [Float] {
    scaling.map { $0.restored(values).map { Float($0) } } ?? values
  }

  /// Examples of other data than the run's; columns are matched by name.
  /// - Parameters:
  ///   - split: `nil` for the test examples if there are any, else all.
  ///   - directory: a folder to search for data sets before the usual ones.
  ///   - limit: larger examples stay in their files; `nil`: all are loaded.
  ///
  /// Throws `.noTestExamples` if test examples are requested and there are none.
  package func examples(
    of name: String, split: ShownExamples.Split?, directory: String?,
    streaming limit: MemoryLimit? = nil
  ) throws -> ShownExamples {
    var dataset = try recipe.loadLaterData(
      name, featureNames: featureNames, directory: directory, streaming: limit)
    if recipe.model.classes != nil, let classNames { dataset = dataset.relabelled(classNames) }
    return try examples(of: dataset, split ?? (dataset.test == nil ? .all : .test))
  }

  /// The same for loaded data.
  package func examples(of dataset: Dataset, _ split: ShownExamples.Split) throws -> ShownExamples {
    let examples: Examples
    switch split {
    case .train: examples = dataset.training
    case .test:
      guard let test = dataset.test else {
        throw TrainingError.noTestExamples(data: dataset.name)
      }
      examples = test
    case .all: examples = try dataset.training.followed(by: dataset.test, in: dataset.name)
    }
    return ShownExamples(
      try prepared(examples, name: dataset.name, featureNames: dataset.featureNames),
      labelNames: dataset.labelNames, featureNames: dataset.featureNames, data: dataset.name,
      split: split, scaling: scaling, notes: dataset.notes)
  }
}
