import Datasets
import Graphs
import Recipes

extension Recipe {
  /// Loads the recipe's data set as it says that data is to be read, with its test examples; of a
  /// table no more rows than `limit` says.
  /// - Parameter directory: where data sets are looked for before the usual folders.
  func loadData(directory: String?) throws -> Dataset {
    guard let data else { throw TrainingError.noData(recipe: name) }
    var options = dataOptions
    // Windows are limited once they are there: how many rows they take, gaps decide.
    options.rowLimit = options.window == nil ? limit : nil
    return try Dataset.load(data, directory: directory, options: fitted(options))
  }

  /// Loads a data set that comes after the one that trains: its columns are matched by name with
  /// those that the model knows.
  /// - Parameters:
  ///   - name: a data set's name or a path.
  ///   - featureNames: `Dataset.featureNames` of the data that trained.
  package func loadLaterData(
    _ name: String, featureNames: [String]?, directory: String?
  ) throws -> Dataset {
    let dataset = try Dataset.load(
      name, directory: directory, options: fitted(dataOptions.expecting(featureNames)))
    try check(dataset)
    return dataset.shaped(dataOptions.shape ?? model.input.dimensions)
  }

  /// Images of a folder take the shape of the input, unless `data.shape` gives another or the input
  /// is to take theirs.
  private func fitted(_ options: DataOptions) -> DataOptions {
    var options = options
    if options.shape == nil { options.shape = inputImageShape }
    return options
  }

  /// `[H, W, C]` where the input is an image, or as long as a square one.
  package var inputImageShape: [Int]? {
    guard dataOptions.window == nil else { return nil }
    return Examples(
      count: 0, shape: model.input.dimensions, elements: .bytes([])
    ).imageShape
  }

  /// Throws where the examples are not what the network takes: not of so many values, or images of
  /// other sides.
  func check(_ dataset: Dataset) throws(TrainingError) {
    let received = dataset.training.shape
    let isImage = model.input.rank == 3 && received.count == 3
    guard dataset.training.featureCount == model.input.count,
      !isImage || received == model.input.dimensions
    else {
      throw .examples(data: dataset.name, expected: model.input, received: .init(received))
    }
  }
}
