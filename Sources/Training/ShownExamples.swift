import Datasets
import Recipes

/// The examples that a question about a trained model is about, and what their labels and features
/// are called.
package struct ShownExamples: Sendable {
  /// Which of the examples of some data.
  package enum Split: String, Hashable, Sendable, CaseIterable {
    /// Those that trained; of other data, its training examples.
    case train
    /// Those that judge: the data set's own test examples, what validated, or rows held out.
    case test
    /// All, those that train first, in the order of the data.
    case all
  }

  package var examples: Examples
  package let labelNames: [String]?
  package let featureNames: [String]?
  /// The data set's name.
  package let data: String
  package let split: Split

  package init(
    _ examples: Examples, labelNames: [String]?, featureNames: [String]?, data: String, split: Split
  ) {
    self.examples = examples
    self.labelNames = labelNames
    self.featureNames = featureNames
    self.data = data
    self.split = split
  }

  /// `[H, W, C]`; `nil` where examples are no images, as the rows of a table are not.
  package var imageShape: [Int]? { featureNames == nil ? examples.imageShape : nil }

  /// The label of each example, by its name where it has one.
  package var labels: [String]? {
    examples.labels?.map { label in
      guard let labelNames, labelNames.indices.contains(Int(label)) else { return "\(label)" }
      return labelNames[Int(label)]
    }
  }
}

extension Recipe {
  /// Examples of the run's own data, or of others that are read as those.
  /// - Parameters:
  ///   - name: other data; `nil` for the run's own.
  ///   - split: `nil` for the test examples where there are any, else all.
  ///   - directory: where data sets are looked for before the usual folders.
  ///
  /// Throws `.noTestExamples` where those were asked for.
  package func shownExamples(
    _ name: String? = nil, split: ShownExamples.Split? = nil, directory: String?
  ) throws -> ShownExamples {
    func shown(
      _ examples: Examples, of dataset: Dataset, _ split: ShownExamples.Split
    ) -> ShownExamples {
      ShownExamples(
        examples, labelNames: dataset.labelNames, featureNames: dataset.featureNames,
        data: dataset.name, split: split)
    }
    if name != nil || split == .all {
      let dataset = try loadData(name, directory: directory)
      switch split ?? (dataset.test == nil ? .all : .test) {
      case .train: return shown(dataset.training, of: dataset, .train)
      case .test:
        guard let test = dataset.test else {
          throw TrainingError.noTestExamples(data: dataset.name)
        }
        return shown(test, of: dataset, .test)
      case .all:
        let all = try dataset.training.followed(by: dataset.test, in: dataset.name)
        return shown(all, of: dataset, .all)
      }
    }
    let data = try TrainingData(self, directory: directory)
    // What validates may be of another data set, whose labels have this one's names.
    let own = data.sources[0]
    switch split ?? (data.validation == nil ? .all : .test) {
    case .test:
      guard let test = data.validation else {
        throw TrainingError.noTestExamples(data: own.name)
      }
      return shown(test, of: own, .test)
    case .train: return shown(data.training, of: own, .train)
    case .all:
      let dataset = try loadData(directory: directory)
      let all = try dataset.training.followed(by: dataset.test, in: dataset.name)
      return shown(all, of: dataset, .all)
    }
  }
}

extension Examples {
  /// These examples and then others of their shape; there are labels only where all have one.
  /// - Parameter data: for errors.
  fileprivate func followed(by others: Examples?, in data: String) throws -> Examples {
    guard let others else { return self }
    let together: Elements =
      switch (elements, others.elements) {
      case (.bytes(let first), .bytes(let second)): .bytes(first + second)
      case (.floats(let first), .floats(let second)): .floats(first + second)
      case (.bytes, .floats), (.floats, .bytes): throw TrainingError.mixedExamples(data: data)
      }
    var allLabels: [Int32]?
    if let labels, let more = others.labels { allLabels = labels + more }
    return Examples(
      count: count + others.count, shape: shape, elements: together, labels: allLabels)
  }
}
