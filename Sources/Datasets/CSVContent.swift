/// What a table has besides the numbers of its features.
struct CSVContent {
  let count: Int
  let columnCount: Int
  let featureNames: [String]?
  let labelNames: [String]?
  /// `[count]`
  let labels: [Int32]?
  let details: [String]
  let notes: [String]
  let stretches: [SeriesStretch]

  /// The table as training examples.
  /// - Parameter elements: the features, `[count, columnCount]`.
  func dataset(path: String, file: DatasetFile, _ elements: Examples.Elements) -> Dataset {
    Dataset(
      name: InputFile.lastComponent(path),
      training: Examples(count: count, shape: [columnCount], elements: elements, labels: labels),
      test: nil, files: [file], labelNames: labelNames, featureNames: featureNames,
      details: details, notes: notes, stretches: stretches)
  }
}
