import Datasets
import Graphs
import Recipes

extension Recipe {
  /// Loads the recipe's data set with its reading options, with its test examples; of a table at
  /// most `limit` rows.
  /// - Parameters:
  ///   - directory: a folder to search for data sets before the usual ones.
  ///   - limit: larger examples stay in their files; `nil`: all are loaded.
  func loadData(directory: String?, streaming limit: MemoryLimit? = nil) throws -> Dataset {
    guard let data else { throw TrainingError.noData(recipe: name) }
    var options = dataOptions
    // Windows are limited later, because gaps determine how many rows they need.
    options.rowLimit = options.window == nil ? self.limit : nil
    (options.streaming, options.streamingLater) = (
      limit?.residentByteCount, limit?.loadableByteCount
    )
    return try Dataset.load(data, directory: directory, options: fitted(options))
  }

  /// Loads another data set for a trained model: its columns are matched by name with those of the
  /// training data.
  /// - Parameters:
  ///   - name: a data set's name or a path.
  ///   - featureNames: `Dataset.featureNames` of the training data.
  ///   - limit: larger examples stay in their files; `nil`: all are loaded.
  package func loadLaterData(
    _ name: String, featureNames: [String]?, directory: String?, streaming limit: MemoryLimit? = nil
  ) throws -> Dataset {
    var options = dataOptions
    options.streamingLater = limit?.loadableByteCount
    let dataset = try Dataset.load(
      name, directory: directory, options: fitted(options.expecting(featureNames)))
    try check(dataset)
    return dataset.shaped(dataOptions.shape ?? model.input.dimensions)
  }

  /// Images of a folder get the shape of the input, unless `data.shape` gives another or the input
  /// follows the data.
  private func fitted(_ options: DataOptions) -> DataOptions {
    var options = options
    if options.shape == nil { options.shape = inputImageShape }
    return options
  }

  /// `[H, W, C]` if the input is an image, or has the length of a square one.
  package var inputImageShape: [Int]? {
    guard dataOptions.window == nil else { return nil }
    return Examples(
      count: 0, shape: model.input.dimensions, elements: .bytes([])
    ).imageShape
  }

  /// Throws if the examples do not fit the network: another number of values, or images of another
  /// size.
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
