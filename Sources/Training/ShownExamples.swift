import Datasets
import Recipes

/// The examples that a command processes with a trained model, and the names of their labels and
/// features.
package struct ShownExamples: Sendable {
  /// The part of the data to use.
  package enum Split: String, Hashable, Sendable, CaseIterable {
    /// The training examples.
    case train
    /// The test examples: those of the data set, the validation data, or the rows held out.
    case test
    /// All examples in the order of the data, the training examples first.
    case all
  }

  package var examples: Examples
  package let labelNames: [String]?
  package let featureNames: [String]?
  /// The data set's name.
  package let data: String
  package let split: Split
  /// The scaling of the examples when they were read, as for the training examples; it is undone
  /// for display (`FeatureScaling.restored`). `nil` if the model scales.
  package let scaling: FeatureScaling?
  /// Notes for the user about reading other data than the run's.
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

  /// `[H, W, C]`; `nil` if the examples are not images, such as rows of a table.
  package var imageShape: [Int]? { featureNames == nil ? examples.imageShape : nil }

  /// The names of the columns of a table or series.
  package var columnNames: [String] {
    featureNames ?? (0..<examples.rowSize).map { "feature\($0)" }
  }

  /// The label of each example, by its name if it has one.
  package var labels: [String]? { examples.labels.map(named) }

  /// The same for each row of a series.
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
  ///   - split: `nil` for the test examples if there are any, else all.
  ///   - directory: a folder to search for data sets before the usual ones.
  ///   - limit: larger examples stay in their files; `nil`: all are loaded.
  ///
  /// Throws `.noTestExamples` if test examples are requested and there are none.
  package func shownExamples(
    split: ShownExamples.Split? = nil, directory: String?, streaming limit: MemoryLimit? = nil
  ) throws -> ShownExamples {
    let own = data.sources[0]
    // Validation data may be another data set; its labels use the names of this one.
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
      return shown(try limit == nil ? test.loaded(in: own.name) : test, .test)
    case .train:
      let training = data.training
      return shown(try limit == nil ? training.loaded(in: own.name) : training, .train)
    case .all:
      let read = try recipe.loadData(directory: directory, streaming: limit)
      let shaped = read.shaped(recipe.dataOptions.shape ?? recipe.model.input.dimensions)
      return try ExamplePreparation(self).examples(of: shaped, .all)
    }
  }
}

extension Examples {
  /// These examples in memory.
  /// - Parameter data: for the error if they do not fit.
  fileprivate func loaded(in data: String) throws(DatasetError) -> Examples {
    guard stored != nil else { return self }
    try AvailableMemory.check(
      elements.count * MemoryLayout<Float>.stride, place: data, what: "\(count) examples \(shape)"
    ) { _ in "save fewer of them in another file, and name it with --data" }
    return try loaded()
  }

  /// These examples followed by others of the same shape; with labels only if all have one.
  /// - Parameter data: for errors.
  func followed(by others: Examples?, in data: String) throws -> Examples {
    guard let others else { return self }
    let (one, other) = (try loaded(in: data), try others.loaded(in: data))
    let together: Elements =
      switch (one.elements, other.elements) {
      case (.bytes(let first), .bytes(let second)): .bytes(first + second)
      case (.floats(let first), .floats(let second)): .floats(first + second)
      case (.doubles(let first), .doubles(let second)): .doubles(first + second)
      case (.bytes, _), (.floats, _), (.doubles, _), (.stored, _):
        throw TrainingError.mixedExamples(data: data)
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
