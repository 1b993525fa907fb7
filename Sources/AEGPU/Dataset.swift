import Datasets

/// Examples of one shape, optionally with labels.
public struct Dataset: Hashable, Sendable {
  let content: Datasets.Dataset

  init(_ content: Datasets.Dataset) { self.content = content }

  /// A data set by its name, such as `digits`, or by a path: an array (`.npy`, `.npz`), a table
  /// (`.csv`), a folder of images or of IDX files.
  ///
  /// - Parameters:
  ///   - name: a value as for `aegpu train --data`.
  ///   - label: for a table, the column of classes, which is not a feature.
  ///   - directory: a folder to search for data sets before the usual ones.
  ///   - memory: the bytes that the process may use: an array (`.npy`, `.safetensors`, HDF5, IDX)
  ///     of more than a quarter of that stays in its file, and training, `encode`, `reconstruct`,
  ///     `losses`, `evaluate`, `errors` and `anomalies` read it from there; `nil`: all is read now.
  /// - Throws: if it does not exist, or is not a data set.
  public init(
    _ name: String, label: String? = nil, directory: String? = nil, memory: Int? = nil
  ) throws(AutoencoderError) {
    var options = DataOptions(label: label)
    options.streaming = memory.map { MemoryLimit(byteCount: $0).residentByteCount }
    options.streamingLater = options.streaming
    content = try telling { try .load(name, directory: directory, options: options) }
  }

  /// Examples of numbers.
  ///
  /// - Parameters:
  ///   - values: `[N] + shape`, row-major; finite.
  ///   - shape: the shape of an example: `[features]`, `[steps, channels]`, or `[height, width,
  ///     channels]` for images.
  ///   - labels: `[N]`, classes from 0; `nil` if there are none.
  ///   - name: the name in messages.
  /// - Throws: if the values are not whole examples, are not finite, or the number of labels is
  ///   wrong.
  public init(
    _ values: [Float], shape: [Int], labels: [Int]? = nil, name: String = "data"
  ) throws(AutoencoderError) {
    guard values.allSatisfy(\.isFinite) else {
      let place = values.firstIndex { !$0.isFinite }!
      throw AutoencoderError(
        "\(name): expected finite numbers, received \(values[place]) at index \(place)")
    }
    try self.init(.floats(values), shape: shape, labels: labels, name: name)
  }

  /// Examples of bytes, such as pixels, which most recipes divide by 255.
  ///
  /// - Parameters:
  ///   - bytes: `[N] + shape`, row-major.
  ///   - shape: the shape of an example, `[height, width, channels]` for images.
  ///   - labels: `[N]`, classes from 0; `nil` if there are none.
  ///   - name: the name in messages.
  /// - Throws: if the bytes are not whole examples, or the number of labels is wrong.
  public init(
    bytes: [UInt8], shape: [Int], labels: [Int]? = nil, name: String = "data"
  ) throws(AutoencoderError) {
    try self.init(.bytes(bytes), shape: shape, labels: labels, name: name)
  }

  /// Rows of a table.
  ///
  /// - Parameters:
  ///   - rows: `N` rows of equal length; they are scaled in `Double` before they are converted to
  ///     `Float`.
  ///   - columns: the names of the features.
  ///   - labels: `[N]`, classes from 0; `nil` if there are none.
  ///   - name: the name in messages.
  /// - Throws: if rows have different lengths, or a number is not finite.
  public init(
    rows: [[Double]], columns: [String]? = nil, labels: [Int]? = nil, name: String = "data"
  ) throws(AutoencoderError) {
    let size = rows.first?.count ?? 0
    if let row = rows.firstIndex(where: { $0.count != size }) {
      throw AutoencoderError(
        "\(name): expected \(size) numbers in each row, as in the first, received "
          + "\(rows[row].count) in row \(row)")
    }
    if let row = rows.firstIndex(where: { !$0.allSatisfy(\.isFinite) }) {
      throw AutoencoderError("\(name): expected finite numbers, received others in row \(row)")
    }
    guard columns.map({ $0.count == size }) ?? true else {
      throw AutoencoderError(
        "\(name): expected a name for each of \(size) columns, received \(columns!.count)")
    }
    try self.init(
      .doubles(rows.flatMap(\.self)), shape: [size], labels: labels, name: name, columns: columns)
  }

  private init(
    _ elements: Examples.Elements, shape: [Int], labels: [Int]?, name: String,
    columns: [String]? = nil
  ) throws(AutoencoderError) {
    let (size, overflows) = shape.reduce((1, false)) { total, next in
      let (product, overflow) = total.0.multipliedReportingOverflow(by: next)
      return (product, total.1 || overflow || next < 1)
    }
    guard !shape.isEmpty, !overflows, elements.count > 0, elements.count % size == 0 else {
      throw AutoencoderError(
        "\(name): expected whole examples of shape \(shape), received \(elements.count) values")
    }
    let count = elements.count / size
    guard labels.map({ $0.count == count }) ?? true else {
      throw AutoencoderError(
        "\(name): expected a label for each of \(count) examples, received \(labels!.count)")
    }
    guard labels?.allSatisfy({ (0...Int(Int32.max)).contains($0) }) ?? true else {
      throw AutoencoderError("\(name): expected labels from 0, received others")
    }
    content = Datasets.Dataset(
      name: name,
      training: Examples(
        count: count, shape: shape, elements: elements, labels: labels?.map { Int32($0) }),
      test: nil, featureNames: columns)
  }

  /// The name in messages.
  public var name: String { content.name }

  /// The number of examples, without those of `test`.
  public var count: Int { content.training.count }

  /// The shape of an example.
  public var shape: [Int] { content.training.shape }

  /// The class of each example, `[count]`; `nil` if there are no labels.
  public var labels: [Int]? { content.training.labels?.map { Int($0) } }

  /// The data set's test examples; `nil` if it has none.
  public var test: Dataset? {
    content.test.map { test in
      Dataset(
        Datasets.Dataset(
          name: content.name + ", test", training: test, test: nil, labelNames: content.labelNames,
          featureNames: content.featureNames))
    }
  }

  /// The examples of a range within `0..<count`.
  public subscript(range: Range<Int>) -> Dataset {
    Dataset(
      Datasets.Dataset(
        name: content.name, training: content.training[range], test: nil,
        labelNames: content.labelNames, featureNames: content.featureNames))
  }
}
