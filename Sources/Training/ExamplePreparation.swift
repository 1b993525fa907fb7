import Datasets
import Recipes

/// How other examples are read and scaled for a model, as those that trained it were. It is made of
/// the run's data, or of what the run kept of them.
package struct ExamplePreparation: Sendable {
  private let recipe: Recipe
  /// What each feature is called, where that is known.
  package let featureNames: [String]?
  /// What each label is called, where that is known.
  package let classNames: [String]?
  /// What scales examples as they are read; `nil` where the model does so.
  package let scaling: FeatureScaling?

  package init(_ input: RunInput) {
    recipe = input.recipe
    featureNames = input.data.sources[0].featureNames
    classNames = input.data.sources[0].labelNames
    scaling = input.data.scaling
  }

  /// - Parameter recipe: as the run's file has it.
  package init(_ recipe: Recipe, _ kept: DataDescription) {
    self.recipe = recipe
    featureNames = kept.columns
    classNames = kept.classes
    scaling = kept.isScaledAsRead == true ? kept.scaling : nil
  }

  /// Examples as those that trained came to the model: scaled where these were, and never doubles.
  /// - Parameters:
  ///   - name: what a message calls the data.
  ///   - featureNames: what it calls the features.
  package func prepared(
    _ examples: Examples, name: String, featureNames: [String]? = nil
  ) throws(DatasetError) -> Examples {
    if let scaling {
      return try scaling.scaled(examples, name: name, featureNames: featureNames)
    }
    guard case .doubles = examples.elements else { return examples }
    return try FeatureScaling().scaled(examples, name: name, featureNames: featureNames)
  }

  /// What the model made of prepared examples, as a person would look at it.
  package func restored(_ values: [Float]) -> [Float] {
    scaling.map { $0.restored(values).map { Float($0) } } ?? values
  }

  /// Examples of other data than the run's; columns are matched by name.
  /// - Parameters:
  ///   - split: `nil` for the test examples where there are any, else all.
  ///   - directory: where data sets are looked for before the usual folders.
  ///
  /// Throws `.noTestExamples` where those were asked for.
  package func examples(
    of name: String, split: ShownExamples.Split?, directory: String?
  ) throws -> ShownExamples {
    var dataset = try recipe.loadLaterData(
      name, featureNames: featureNames, directory: directory)
    if recipe.model.classes != nil, let classNames { dataset = dataset.relabelled(classNames) }
    return try examples(of: dataset, split ?? (dataset.test == nil ? .all : .test))
  }

  /// The same of data that are there already.
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
