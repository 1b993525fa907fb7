import Datasets
import Recipes

extension Recipe {
  /// Loads a data set as the recipe says that data is to be read; images of a folder take the shape
  /// of the recipe's input, unless `data.shape` gives another; rows of numbers are images where one of
  /// the two says so.
  /// - Parameters:
  ///   - name: the recipe's own where it is `nil`, with its test examples.
  ///   - directory: where data sets are looked for before the usual folders.
  func loadData(_ name: String? = nil, directory: String?) throws -> Dataset {
    var options = dataOptions
    if options.shape == nil { options.shape = inputImageShape }
    if name == nil { options.rowLimit = limit } else { options.test = nil }
    let dataset = try Dataset.load(name ?? data, directory: directory, options: options)
    try check(dataset)
    return dataset.shaped(dataOptions.shape ?? model.input.dimensions)
  }

  /// `[H, W, C]` where the input is an image, or as long as a square one.
  package var inputImageShape: [Int]? {
    Examples(
      count: 0, shape: model.input.dimensions, elements: .bytes([])
    ).imageShape
  }

  /// Throws where the examples are not what the network takes: not of so many values, or images of
  /// other sides.
  private func check(_ dataset: Dataset) throws(TrainingError) {
    let received = dataset.training.shape
    let isImage = model.input.rank == 3 && received.count == 3
    guard dataset.training.featureCount == model.input.count,
      !isImage || received == model.input.dimensions
    else {
      throw .examples(data: dataset.name, expected: model.input, received: .init(received))
    }
  }
}
