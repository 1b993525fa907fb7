import Datasets
import Recipes

/// The examples of a run: those that train, and those that judge.
package struct TrainingData: Sendable {
  package let training: Examples
  package let validation: Examples?
  /// The data sets that these come from.
  package let sources: [Dataset]

  package init(training: Examples, validation: Examples?, sources: [Dataset] = []) {
    self.training = training
    self.validation = validation
    self.sources = sources
  }

  /// Loads what the recipe names. Training examples are limited first; a fraction for validation is
  /// the end of what is left. Another data set validates by its test examples, where it has some.
  /// - Parameter directory: where data sets are looked for before the usual folders.
  package init(_ recipe: Recipe, directory: String?) throws {
    let data = try recipe.loadData(directory: directory)
    let limited = recipe.limit.map { data.training.prefix($0) } ?? data.training
    switch recipe.validation {
    case .none:
      self.init(training: limited, validation: nil, sources: [data.withoutExamples])
    case .test:
      self.init(training: limited, validation: data.test, sources: [data.withoutExamples])
    case .fraction(let fraction):
      let (training, validation) = try limited.split(validation: fraction)
      self.init(training: training, validation: validation, sources: [data.withoutExamples])
    case .data(let name):
      let other = try recipe.loadData(name, directory: directory)
      // Rows of pixels may be judged where images train: then labels are taken as they are.
      let examples =
        other.training.shape == data.training.shape
        ? try data.validation(from: other) : other.test ?? other.training
      self.init(
        training: limited, validation: examples,
        sources: [data.withoutExamples, other.withoutExamples])
    }
  }
}

extension Dataset {
  /// Its name and files: what a run keeps of it.
  fileprivate var withoutExamples: Dataset {
    Dataset(
      name: name, training: training.prefix(0), test: nil, files: files, labelNames: labelNames,
      featureNames: featureNames, notes: notes)
  }
}
