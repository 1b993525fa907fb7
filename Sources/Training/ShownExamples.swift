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
  /// What the examples were scaled by as they were read, as those that trained were: it is undone
  /// where a person looks at them (`FeatureScaling.restored`). `nil` where the model scales.
  package let scaling: FeatureScaling?
  /// What a person should know of how other data than the run's were read.
  package let notes: [String]

  package init(
    _ examples: Examples, labelNames: [String]?, featureNames: [String]?, data: String,
    split: Split, scaling: FeatureScaling? = nil, notes: [String] = []
  ) {
    self.examples = examples
    self.labelNames = labelNames
    self.featureNames = featureNames
    self.data = data
    self.split = split
    self.scaling = scaling
    self.notes = notes
  }

  /// `[H, W, C]`; `nil` where examples are no images, as the rows of a table are not.
  package var imageShape: [Int]? { featureNames == nil ? examples.imageShape : nil }

  /// What the columns of a table or of a series are called.
  package var columnNames: [String] {
    featureNames ?? (0..<examples.rowSize).map { "feature\($0)" }
  }

  /// The label of each example, by its name where it has one.
  package var labels: [String]? { examples.labels.map(named) }

  /// The same of each row of a series.
  package var rowLabels: [String]? { examples.windows?.rowLabels.map(named) }

  private func named(_ labels: [Int32]) -> [String] {
    labels.map { label in
      guard let labelNames, labelNames.indices.contains(Int(label)) else { return "\(label)" }
      return labelNames[Int(label)]
    }
  }
}

extension RunInput {
  /// Examples of the run's own data.
  /// - Parameters:
  ///   - split: `nil` for the test examples where there are any, else all.
  ///   - directory: where data sets are looked for before the usual folders.
  ///
  /// Throws `.noTestExamples` where those were asked for.
  package func shownExamples(
    split: ShownExamples.Split? = nil, directory: String?
  ) throws -> ShownExamples {
    let own = data.sources[0]
    // What validates may be of another data set, whose labels have this one's names.
    func shown(_ examples: Examples, _ split: ShownExamples.Split) -> ShownExamples {
      ShownExamples(
        examples, labelNames: own.labelNames, featureNames: own.featureNames, data: own.name,
        split: split, scaling: data.scaling)
    }
    switch split ?? (data.validation == nil ? .all : .test) {
    case .test:
      guard let test = data.validation else {
        throw TrainingError.noTestExamples(data: own.name)
      }
      return shown(test, .test)
    case .train: return shown(data.training, .train)
    case .all:
      let read = try recipe.loadData(directory: directory)
      let shaped = read.shaped(recipe.dataOptions.shape ?? recipe.model.input.dimensions)
      return try ExamplePreparation(self).examples(of: shaped, .all)
    }
  }
}

extension Examples {
  /// These examples and then others of their shape; there are labels only where all have one.
  /// - Parameter data: for errors.
  func followed(by others: Examples?, in data: String) throws -> Examples {
    guard let others else { return self }
    let together: Elements =
      switch (elements, others.elements) {
      case (.bytes(let first), .bytes(let second)): .bytes(first + second)
      case (.floats(let first), .floats(let second)): .floats(first + second)
      case (.doubles(let first), .doubles(let second)): .doubles(first + second)
      case (.bytes, _), (.floats, _), (.doubles, _): throw TrainingError.mixedExamples(data: data)
      }
    var allWindows: SeriesWindows?
    if let windows, let more = others.windows {
      var rowLabels: [Int32]?
      if let first = windows.rowLabels, let second = more.rowLabels { rowLabels = first + second }
      allWindows = SeriesWindows(
        length: windows.length,
        starts: windows.starts + more.starts.map { $0 + Int32(rowCount) }, rowLabels: rowLabels,
        stretches: windows.stretches + more.stretches.map { $0.moved(by: rowCount) })
    }
    var allLabels: [Int32]?
    if let labels, let more = others.labels { allLabels = labels + more }
    return Examples(
      count: count + others.count, shape: shape, elements: together, labels: allLabels,
      windows: allWindows)
  }
}
